package io.foedus.core.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes JSON values; reading is {@link JsonReader}'s. */
public final class Json {
    private Json() {}

    /**
     * Reads one value.
     *
     * @throws JsonException with the place of the first fault
     */
    public static @Nullable Object parse(String text) {
        return new JsonReader(text, false).document();
    }

    /** Reads an object that may hold {@code NaN}, {@code Infinity} and {@code -Infinity}, as Python writes them. */
    public static Map<?, ?> lenientObject(String text) {
        if (new JsonReader(text, true).document() instanceof Map<?, ?> map) {
            return map;
        }
        throw new JsonException("a JSON object was expected");
    }

    /** Reads an object. */
    public static JsonObject object(String text) {
        if (parse(text) instanceof Map<?, ?> map) {
            return JsonObject.of(map);
        }
        throw new JsonException("a JSON object was expected");
    }

    /** Writes a value without spaces, members in their own order. */
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out, false);
        return out.toString();
    }

    /** The one byte sequence of a value: members sorted by name, UTF-8, no spaces. */
    public static byte[] canonical(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out, true);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(@Nullable Object value, StringBuilder out, boolean sorted) {
        if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof CharSequence || value instanceof Enum<?>) {
            string(value.toString(), out);
        } else if (value instanceof Number number) {
            out.append(number(number));
        } else if (value instanceof Map<?, ?> map) {
            members(sorted ? new TreeMap<>(map) : map, out, sorted);
        } else if (value instanceof JsonObject object) {
            write(object.members(), out, sorted);
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (Object element : list) {
                out.append(separator);
                write(element, out, sorted);
                separator = ",";
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else {
            throw new JsonException("a " + value.getClass().getName() + " cannot be written as JSON");
        }
    }

    private static void members(Map<?, ?> map, StringBuilder out, boolean sorted) {
        out.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            string(String.valueOf(entry.getKey()), out);
            out.append(':');
            write(entry.getValue(), out, sorted);
            if (entries.hasNext()) {
                out.append(',');
            }
        }
        out.append('}');
    }

    private static String number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            return number(number.doubleValue());
        }
        return number.toString();
    }

    private static String number(double value) {
        if (!Double.isFinite(value)) {
            throw new JsonException(value + " cannot be written as JSON");
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return String.valueOf((long) value);
        }
        // Double.toString is not the shortest before Java 19; this is, on every version
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < 17; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == value) {
                return rounded.toString();
            }
        }
        return exact.round(new MathContext(17)).toString();
    }

    private static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || (Character.isSurrogate(c) && !paired(text, i))) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean paired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
