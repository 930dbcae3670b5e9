package io.foedus.controller.persistence;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** One row that a native query selected; columns by position, counted from 0. */
public final class Row {
    private final Object[] values;

    Row(Object selected) {
        this.values = selected instanceof Object[] columns ? columns : new Object[] {selected};
    }

    /** Null where the column is, as of all that return objects. */
    public String text(int column) {
        return values[column] == null ? null : values[column].toString();
    }

    public UUID id(int column) {
        return values[column] == null ? null : UUID.fromString(values[column].toString());
    }

    /** The constant of an enum with this name. */
    public <E extends Enum<E>> E one(Class<E> type, int column) {
        return values[column] == null ? null : Enum.valueOf(type, text(column));
    }

    /** A whole number; 0 where the column is null. */
    public long whole(int column) {
        return values[column] == null ? 0 : ((Number) values[column]).longValue();
    }

    /** A small whole number; 0 where the column is null. */
    public int count(int column) {
        return (int) whole(column);
    }

    public Long wholeOrNull(int column) {
        return values[column] == null ? null : Long.valueOf(whole(column));
    }

    public Integer countOrNull(int column) {
        return values[column] == null ? null : Integer.valueOf(count(column));
    }

    public Double real(int column) {
        return values[column] == null ? null : Double.valueOf(((Number) values[column]).doubleValue());
    }

    public Instant instant(int column) {
        return InstantConverter.of(values[column]);
    }

    /** Whether the column is true; null is not. */
    public boolean yes(int column) {
        return Boolean.TRUE.equals(values[column]);
    }

    /** The members of a {@code jsonb} object, none where the column is null. */
    public Map<String, Object> object(int column) {
        return Json.object(json(column));
    }

    /** The text of a {@code jsonb} column. */
    public String json(int column) {
        return JsonObjectConverter.text(values[column]);
    }
}
