package io.foedus.web.fedn;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * One entry of a FEDn collection: named values in the order in which they are written, absent ones as null.
 *
 * <p>Values stay what they are (instants, numbers, nested maps) until {@link #json()}, so that filters and orders
 * compare instants and not their text. Not thread-safe while it is being filled.
 */
final class Document {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Adds a value: text, number, boolean, uuid, enum, instant, map, collection, document or null. */
    Document with(String name, Object value) {
        values.put(name, value);
        return this;
    }

    /** The value at a dotted path such as {@code sender.name}; null if there is none. */
    Object at(String path) {
        Object value = this;
        for (String name : path.split("\\.")) {
            if (value instanceof Document document) {
                value = document.values.get(name);
            } else if (value instanceof Map<?, ?> map) {
                value = map.get(name);
            } else {
                return null;
            }
        }
        return value;
    }

    /** Whether the top level knows the name at all, be its value null. */
    boolean has(String path) {
        return values.containsKey(path.split("\\.")[0]);
    }

    JsonObject json() {
        return json(values).asJsonObject();
    }

    /** As Flask writes it: instants as HTTP dates in GMT, everything that JSON does not know as text. */
    static JsonValue json(Object value) {
        if (value == null) {
            return JsonValue.NULL;
        }
        if (value instanceof JsonValue json) {
            return json;
        }
        if (value instanceof Boolean flag) {
            return flag ? JsonValue.TRUE : JsonValue.FALSE;
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Instant instant) {
            return Json.createValue(HTTP_DATE.format(instant));
        }
        if (value instanceof Document document) {
            return document.json();
        }
        if (value instanceof Map<?, ?> map) {
            var object = Json.createObjectBuilder();
            map.forEach((name, member) -> object.add(String.valueOf(name), json(member)));
            return object.build();
        }
        if (value instanceof Collection<?> list) {
            JsonArrayBuilder array = Json.createArrayBuilder();
            list.forEach(member -> array.add(json(member)));
            return array.build();
        }
        return Json.createValue(value instanceof UUID id ? id.toString() : String.valueOf(value));
    }

    private static JsonValue number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            double real = number.doubleValue();
            return Double.isFinite(real) ? Json.createValue(real) : JsonValue.NULL;
        }
        if (number instanceof BigDecimal exact) {
            return Json.createValue(exact);
        }
        return Json.createValue(number.longValue());
    }
}
