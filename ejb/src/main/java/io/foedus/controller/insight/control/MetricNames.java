package io.foedus.controller.insight.control;

import io.foedus.controller.insight.entity.MetricName;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;

/** Which metrics clients reported lately. */
public final class MetricNames {
    private MetricNames() {}

    /** In order of the alphabet, of the newest two hundred validations whose {@code column} is {@code id}. */
    public static List<MetricName> lately(EntityManager entities, String column, UUID id) {
        return Rows.of(entities, """
                SELECT key, bool_or(most - least > 1e-9 * greatest(abs(most), abs(least)))
                  FROM (SELECT m.key, max(CAST(m.value AS double precision)) most, min(CAST(m.value AS double precision)) least
                          FROM (SELECT model_id, metrics FROM validation WHERE %s = CAST(?1 AS uuid)
                                 ORDER BY received_at DESC LIMIT 200) v, jsonb_each(v.metrics) m
                         WHERE jsonb_typeof(m.value) = 'number' GROUP BY v.model_id, m.key) of_model
                 GROUP BY key ORDER BY key
                """.formatted(column), row -> new MetricName(row.text(0), row.yes(1)), id);
    }
}
