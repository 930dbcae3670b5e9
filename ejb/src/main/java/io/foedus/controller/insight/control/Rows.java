package io.foedus.controller.insight.control;

import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.persistence.Json;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Runs a native query and reads its columns by position. Parameters are {@code ?1}…; ids are passed as text and cast in
 * SQL.
 */
public final class Rows {
    private final Object[] values;

    private Rows(Object[] values) {
        this.values = values;
    }

    /** Reads one row of a native query that somebody else ran. */
    public static Rows of(Object... row) {
        return new Rows(row);
    }

    @SuppressWarnings("unchecked")
    public static <T> List<T> of(EntityManager entities, String sql, Function<Rows, T> reader, Object... parameters) {
        Query query = entities.createNativeQuery(sql);
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            query.setParameter(i + 1, value instanceof UUID ? value.toString() : value);
        }
        return query.getResultList().stream()
                .map(row -> reader.apply(new Rows(row instanceof Object[] columns ? columns : new Object[] {row})))
                .toList();
    }

    public String text(int column) {
        return values[column] == null ? null : values[column].toString();
    }

    public UUID id(int column) {
        return values[column] == null ? null : UUID.fromString(values[column].toString());
    }

    public long whole(int column) {
        return values[column] == null ? 0 : ((Number) values[column]).longValue();
    }

    public int count(int column) {
        return (int) whole(column);
    }

    public Long wholeOrNull(int column) {
        return values[column] == null ? null : ((Number) values[column]).longValue();
    }

    public Double real(int column) {
        return values[column] == null ? null : ((Number) values[column]).doubleValue();
    }

    public Instant instant(int column) {
        return InstantConverter.of(values[column]);
    }

    public boolean yes(int column) {
        return Boolean.TRUE.equals(values[column]);
    }

    /** A jsonb object selected as text. */
    public Map<String, Object> object(int column) {
        return Json.object(text(column));
    }
}
