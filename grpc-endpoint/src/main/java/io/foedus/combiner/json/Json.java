package io.foedus.combiner.json;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;

/** Reads and writes JSON. Safe for many threads. */
public final class Json {
    private static final Jsonb JSONB = JsonbBuilder.create();
    private static final Type OBJECT =
            new HashMap<String, Object>() {}.getClass().getGenericSuperclass();

    private Json() {}

    public static String write(Object value) {
        return JSONB.toJson(value);
    }

    /** @throws IOException if the text is not JSON or not of that shape */
    public static <T> T read(String text, Class<T> type) throws IOException {
        try {
            T value = JSONB.fromJson(text, type);
            if (value == null) {
                throw new IOException("a " + type.getSimpleName() + " was expected, not null");
            }
            return value;
        } catch (RuntimeException e) { // the parser has its own for a text that is nested too deeply
            throw new IOException("not a " + type.getSimpleName() + " in JSON: " + e.getMessage(), e);
        }
    }

    /** @throws IOException if the text is not a JSON object */
    public static Map<String, Object> readObject(String text) throws IOException {
        try {
            Map<String, Object> value = JSONB.fromJson(text, OBJECT);
            if (value == null) {
                throw new IOException("a JSON object was expected, not null");
            }
            return value;
        } catch (RuntimeException e) {
            throw new IOException("not a JSON object: " + e.getMessage(), e);
        }
    }
}
