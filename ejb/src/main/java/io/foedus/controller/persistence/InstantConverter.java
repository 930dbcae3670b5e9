package io.foedus.controller.persistence;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Instants in {@code timestamptz} columns, whatever the time zones of the session and of the JVM are. */
@Converter(autoApply = true)
public class InstantConverter implements AttributeConverter<Instant, Object> {
    @Override
    public Object convertToDatabaseColumn(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    @Override
    public Instant convertToEntityAttribute(Object column) {
        return of(column);
    }

    /**
     * What a native query returned for a {@code timestamptz} column.
     *
     * @throws IllegalArgumentException if it is no point in time
     */
    public static Instant of(Object column) {
        if (column == null) {
            return null;
        }
        if (column instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        if (column instanceof Timestamp time) {
            return time.toInstant();
        }
        throw new IllegalArgumentException("not a timestamptz: " + column.getClass());
    }
}
