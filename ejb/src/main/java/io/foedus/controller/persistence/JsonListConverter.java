package io.foedus.controller.persistence;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.List;
import java.util.Map;

/** A JSON array of objects in a {@code jsonb} column. */
@Converter
public class JsonListConverter implements AttributeConverter<List<Map<String, Object>>, Object> {
    @Override
    public Object convertToDatabaseColumn(List<Map<String, Object>> list) {
        return JsonObjectConverter.jsonb(list == null ? "[]" : Json.write(list));
    }

    @Override
    public List<Map<String, Object>> convertToEntityAttribute(Object column) {
        return Json.objects(JsonObjectConverter.text(column));
    }
}
