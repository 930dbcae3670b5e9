package io.foedus.controller.sessions.entity;

import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.core.plan.Plan;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;

/** A plan in its {@code jsonb} column. */
@Converter(autoApply = true)
public class PlanConverter implements AttributeConverter<Plan, Object> {
    @Override
    public Object convertToDatabaseColumn(Plan plan) {
        return JsonObjectConverter.jsonb(Json.write(plan.toMap()));
    }

    @Override
    public Plan convertToEntityAttribute(Object column) {
        return column == null ? null : read(JsonObjectConverter.text(column));
    }

    /** Reads what {@link #convertToDatabaseColumn} of this or an older version wrote. */
    public static Plan read(String json) {
        return Plan.stored(Json.object(json));
    }
}
