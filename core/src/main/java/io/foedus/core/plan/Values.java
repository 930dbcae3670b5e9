package io.foedus.core.plan;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON values of any reader in one form, so that equal ones are equal: whole numbers as Long, others as Double. */
final class Values {
    private Values() {}

    /** An unmodifiable deep copy, by name. */
    static Map<String, @Nullable Object> members(Map<?, ?> members) {
        Map<String, @Nullable Object> copy = new TreeMap<>();
        members.forEach((name, value) -> copy.put(String.valueOf(name), of(value)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object of(@Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Map<?, ?> map) {
            return members(map);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(of(element)));
            return Collections.unmodifiableList(copy);
        }
        return value.toString();
    }

    /** A number that was written with a fraction stays one that has it: programs tell 1 from 1.0. */
    private static Number number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            return number.doubleValue();
        }
        if (number instanceof BigDecimal decimal) {
            boolean whole = decimal.scale() <= 0 && (long) decimal.precision() - decimal.scale() <= 18;
            return whole ? (Number) decimal.longValueExact() : (Number) decimal.doubleValue();
        }
        return number instanceof BigInteger big && big.bitLength() > 63
                ? (Number) big.doubleValue()
                : (Number) number.longValue();
    }

    /** Whether a number of these can be written nowhere. */
    static boolean hasInfinite(@Nullable Object value) {
        if (value instanceof Number number) {
            return !Double.isFinite(number.doubleValue());
        }
        if (value instanceof Map<?, ?> map) {
            return map.values().stream().anyMatch(Values::hasInfinite);
        }
        return value instanceof List<?> list && list.stream().anyMatch(Values::hasInfinite);
    }
}
