package io.foedus.core.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON object with typed access; a member of the wrong type is a {@link JsonException} that names it. */
public record JsonObject(Map<String, @Nullable Object> members) {
    public JsonObject {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    static JsonObject of(Map<?, ?> map) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        map.forEach((name, value) -> members.put(String.valueOf(name), value));
        return new JsonObject(members);
    }

    public Set<String> names() {
        return members.keySet();
    }

    /** Whether the member exists and is not null. */
    public boolean has(String name) {
        return members.get(name) != null;
    }

    public String string(String name) {
        return optionalString(name).orElseThrow(() -> missing(name));
    }

    public Optional<String> optionalString(String name) {
        return optional(name, String.class, "a string");
    }

    public long whole(String name) {
        return optionalWhole(name).orElseThrow(() -> missing(name));
    }

    public Optional<Long> optionalWhole(String name) {
        Optional<Number> number = optional(name, Number.class, "a number");
        if (number.isPresent()
                && number.get().doubleValue() != Math.rint(number.get().doubleValue())) {
            throw new JsonException("member '" + name + "' must be a whole number");
        }
        return number.map(Number::longValue);
    }

    public double number(String name) {
        return optionalNumber(name).orElseThrow(() -> missing(name));
    }

    public Optional<Double> optionalNumber(String name) {
        return optional(name, Number.class, "a number").map(Number::doubleValue);
    }

    public Optional<Boolean> optionalFlag(String name) {
        return optional(name, Boolean.class, "true or false");
    }

    /** The object of that name, empty if absent. */
    public JsonObject object(String name) {
        Optional<?> map = optional(name, Map.class, "an object");
        return map.isPresent() ? of((Map<?, ?>) map.get()) : new JsonObject(Map.of());
    }

    /** The objects of the list of that name, empty if absent. */
    public List<JsonObject> objects(String name) {
        List<JsonObject> objects = new ArrayList<>();
        for (Object element : list(name)) {
            if (!(element instanceof Map<?, ?> map)) {
                throw new JsonException("member '" + name + "' must hold objects only");
            }
            objects.add(of(map));
        }
        return objects;
    }

    /** The list of that name, empty if absent. */
    public List<?> list(String name) {
        Optional<?> list = optional(name, List.class, "a list");
        return list.isPresent() ? (List<?>) list.get() : List.of();
    }

    private <T> Optional<T> optional(String name, Class<T> type, String what) {
        Object value = members.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw new JsonException("member '" + name + "' must be " + what);
        }
        return Optional.of(type.cast(value));
    }

    private static JsonException missing(String name) {
        return new JsonException("member '" + name + "' is missing");
    }

    /** The object as JSON text. */
    @Override
    public String toString() {
        return Json.write(members);
    }
}
