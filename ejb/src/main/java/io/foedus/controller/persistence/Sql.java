package io.foedus.controller.persistence;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A native statement with named parameters, {@code :name}, which JPA has only for its own language. Everything that a
 * statement names must be given; what it does not name is left out, so that statements of a family may share their
 * parameters. Run it in the caller's transaction.
 */
public final class Sql {
    private static final Pattern PARAMETER = Pattern.compile("(?<![:\\w]):([a-z]\\w*)");

    private final EntityManager entities;
    private final String text;
    private final Map<String, Object> parameters = new LinkedHashMap<>();

    private Sql(EntityManager entities, String text) {
        this.entities = entities;
        this.text = text;
    }

    public static Sql of(EntityManager entities, String text) {
        return new Sql(entities, text);
    }

    /** Ids, numbers and texts go as they are, instants as {@code timestamptz}, constants of enums by name. */
    public Sql with(String name, Object value) {
        parameters.put(name, value);
        return this;
    }

    /** Several at once. */
    public Sql with(Map<String, ?> values) {
        parameters.putAll(values);
        return this;
    }

    /** A {@code jsonb} parameter: anything that JSON-B writes. */
    public Sql withJson(String name, Object value) {
        return with(name, JsonObjectConverter.jsonb(Json.write(value)));
    }

    /** All rows. */
    @SuppressWarnings("unchecked")
    public <T> List<T> list(Function<Row, T> reader) {
        return ((Stream<Object>) query().getResultList().stream())
                .map(row -> reader.apply(new Row(row)))
                .toList();
    }

    /** The first row, if there is one. */
    public <T> Optional<T> first(Function<Row, T> reader) {
        List<?> rows = query().getResultList();
        return rows.isEmpty() ? Optional.empty() : Optional.of(reader.apply(new Row(rows.get(0))));
    }

    /** The only row of a statement that always selects one. */
    public <T> T only(Function<Row, T> reader) {
        return reader.apply(new Row(query().getSingleResult()));
    }

    /** Whether any row is selected. */
    public boolean any() {
        return !query().getResultList().isEmpty();
    }

    /** Changes rows and says how many. */
    public int run() {
        return query().executeUpdate();
    }

    private Query query() {
        List<String> names = new ArrayList<>();
        Matcher matcher = PARAMETER.matcher(text);
        StringBuilder sql = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            if (!parameters.containsKey(name)) {
                throw new IllegalArgumentException("no value for :" + name);
            }
            if (!names.contains(name)) {
                names.add(name);
            }
            matcher.appendReplacement(sql, "?" + (names.indexOf(name) + 1));
        }
        Query query = entities.createNativeQuery(matcher.appendTail(sql).toString());
        for (String name : names) {
            query.setParameter(names.indexOf(name) + 1, column(parameters.get(name)));
        }
        return query;
    }

    private static Object column(Object value) {
        if (value instanceof Instant instant) {
            return instant.atOffset(ZoneOffset.UTC);
        }
        return value instanceof Enum<?> constant ? constant.name() : value;
    }
}
