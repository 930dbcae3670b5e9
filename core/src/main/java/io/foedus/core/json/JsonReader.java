package io.foedus.core.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one JSON text. Strict (RFC 8259) but for Python's three words, 200 levels deep at most, no member twice. */
final class JsonReader {
    private static final int DEPTH = 200;

    private final String text;
    private final boolean python;
    private int at;
    private int depth;

    /** @param python whether NaN, Infinity and -Infinity are numbers */
    JsonReader(String text, boolean python) {
        this.text = text;
        this.python = python;
    }

    @Nullable Object document() {
        Object value = value();
        space();
        if (at < text.length()) {
            throw wrong("nothing more");
        }
        return value;
    }

    private @Nullable Object value() {
        space();
        return switch (peek()) {
            case '{' -> members();
            case '[' -> elements();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> members() {
        enter();
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        at++;
        space();
        if (peek() == '}') {
            at++;
        } else {
            do {
                space();
                if (peek() != '"') {
                    throw wrong("a member's name");
                }
                String name = string();
                space();
                expect(':');
                if (members.containsKey(name)) {
                    throw new JsonException("member '" + name + "' occurs twice");
                }
                members.put(name, value());
                space();
            } while (another('}'));
        }
        depth--;
        return members;
    }

    private List<@Nullable Object> elements() {
        enter();
        List<@Nullable Object> elements = new ArrayList<>();
        at++;
        space();
        if (peek() == ']') {
            at++;
        } else {
            do {
                elements.add(value());
                space();
            } while (another(']'));
        }
        depth--;
        return elements;
    }

    private void enter() {
        if (++depth > DEPTH) {
            throw new JsonException("the JSON text is nested more than " + DEPTH + " levels deep");
        }
    }

    private boolean another(char close) {
        char c = peek();
        if (c != ',' && c != close) {
            throw wrong("',' or '" + close + "'");
        }
        at++;
        return c == ',';
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        at++;
        while (true) {
            char c = peek();
            at++;
            if (c == '"') {
                return out.toString();
            }
            if (c < 0x20) {
                throw wrong("a character that needs no escape");
            }
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong("an escape");
        };
    }

    private char unicode() {
        if (at + 4 > text.length()) {
            throw wrong("four hexadecimal digits");
        }
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(text.charAt(at++), 16);
            if (digit < 0) {
                throw wrong("four hexadecimal digits");
            }
            code = code * 16 + digit;
        }
        return (char) code;
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong("a value");
        }
        at += word.length();
        return value;
    }

    private @Nullable Object number() {
        if (python && text.startsWith("NaN", at)) {
            return word("NaN", Double.NaN);
        }
        if (python && text.startsWith("Infinity", at)) {
            return word("Infinity", Double.POSITIVE_INFINITY);
        }
        if (python && text.startsWith("-Infinity", at)) {
            return word("-Infinity", Double.NEGATIVE_INFINITY);
        }
        int start = at;
        while (at < text.length() && "+-0123456789.eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        if (!digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            at = start;
            throw wrong("a value");
        }
        if (digits.matches("-?[0-9]{1,18}")) {
            return Long.valueOf(digits);
        }
        return Double.valueOf(digits);
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw new JsonException("the JSON text ends too early, after " + text.length() + " characters");
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("'" + c + "'");
        }
        at++;
    }

    private JsonException wrong(String expected) {
        return new JsonException("at character " + (at + 1) + " of the JSON text " + expected + " was expected");
    }
}
