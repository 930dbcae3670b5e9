package io.foedus.controller.persistence;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.sql.SQLException;
import java.util.Map;
import org.postgresql.util.PGobject;

/** A JSON object in a {@code jsonb} column as a map; NULL and the empty map are both written as an empty object. */
@Converter
public class JsonObjectConverter implements AttributeConverter<Map<String, Object>, Object> {
    @Override
    public Object convertToDatabaseColumn(Map<String, Object> object) {
        return jsonb(object == null ? "{}" : Json.write(object));
    }

    @Override
    public Map<String, Object> convertToEntityAttribute(Object column) {
        return Json.object(text(column));
    }

    /** A {@code jsonb} parameter. */
    public static PGobject jsonb(String json) {
        try {
            PGobject parameter = new PGobject();
            parameter.setType("jsonb");
            parameter.setValue(json);
            return parameter;
        } catch (SQLException e) {
            throw new IllegalArgumentException("not a jsonb value", e);
        }
    }

    /** What a query returned for a {@code jsonb} column, as text. */
    public static String text(Object column) {
        return column instanceof PGobject object ? object.getValue() : (String) column;
    }
}
