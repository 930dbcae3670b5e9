package io.foedus.core.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes text printable: what would steer a terminal, begin a new line of a log, turn the direction of writing, or be
 * refused by the database is written as its escape ({@code \n}, {@code \u001b}). Doing it again changes nothing.
 */
public final class Printable {
    private static final int DEEPEST = 8;

    private Printable() {}

    /** Whether nothing needs an escape. */
    public static boolean is(String text) {
        return text.codePoints().allMatch(Printable::prints);
    }

    /** Text for one line, of at most so many characters; what is longer ends with an ellipsis. */
    public static String line(@Nullable String text, int most) {
        return text == null ? "" : escaped(head(text, most), false);
    }

    /**
     * Text that may have several lines, of at most so many characters: the end of it, where a log says what was wrong.
     */
    public static String tail(@Nullable String text, int most) {
        if (text == null) {
            return "";
        }
        String end = text.length() > most ? text.substring(text.length() - most) : text;
        return escaped(end.replace("\r\n", "\n"), true);
    }

    /**
     * Any value of JSON with its texts and names printable, each of at most so many characters; what is nested too
     * deeply is left out.
     */
    public static @Nullable Object value(@Nullable Object value, int most) {
        return value(value, most, DEEPEST);
    }

    private static @Nullable Object value(@Nullable Object value, int most, int depth) {
        if (value instanceof CharSequence text) {
            return escaped(head(text.toString(), most), true);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> printable = new LinkedHashMap<>();
            if (depth > 0) {
                map.forEach((name, member) ->
                        printable.put(line(String.valueOf(name), most), value(member, most, depth - 1)));
            }
            return printable;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> printable = new ArrayList<>();
            if (depth > 0) {
                list.forEach(element -> printable.add(value(element, most, depth - 1)));
            }
            return printable;
        }
        return value;
    }

    private static String head(String text, int most) {
        return text.length() > most ? text.substring(0, most) + "…" : text;
    }

    private static String escaped(String text, boolean lines) {
        if (is(text)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(character -> {
            if (prints(character) || (lines && (character == '\n' || character == '\t'))) {
                out.appendCodePoint(character);
            } else {
                out.append(escape(character));
            }
        });
        return out.toString();
    }

    private static String escape(int character) {
        return switch (character) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format("\\u%04x", character);
        };
    }

    private static boolean prints(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            case Character.FORMAT -> !turns(character);
            default -> true;
        };
    }

    /** Whether it changes the direction of writing. */
    private static boolean turns(int character) {
        boolean overrides = character >= 0x202A && character <= 0x202E;
        boolean isolates = character >= 0x2066 && character <= 0x2069;
        return overrides || isolates || character == 0x200E || character == 0x200F;
    }
}
