package io.foedus.controller.persistence;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as it lies in the database: JSON-B's defaults. Thread-safe. */
public final class Json {
    private static final Jsonb JSONB = JsonbBuilder.create();
    private static final Type OBJECT = new LinkedHashMap<String, Object>() {
        private static final long serialVersionUID = 1L;
    }.getClass().getGenericSuperclass();

    private static final Type OBJECTS = new ArrayList<Map<String, Object>>() {
        private static final long serialVersionUID = 1L;
    }.getClass().getGenericSuperclass();

    private Json() {}

    public static String write(Object value) {
        return JSONB.toJson(value);
    }

    /** @throws JsonbException if the text is not JSON of that shape */
    public static <T> T read(String json, Class<T> type) {
        return JSONB.fromJson(json, type);
    }

    /** @return the members of a JSON object in their order; empty for null or blank */
    public static Map<String, Object> object(String json) {
        return json == null || json.isBlank() ? Map.of() : JSONB.fromJson(json, OBJECT);
    }

    /** @return the objects of a JSON array; empty for null or blank */
    public static List<Map<String, Object>> objects(String json) {
        return json == null || json.isBlank() ? List.of() : JSONB.fromJson(json, OBJECTS);
    }
}
