package io.foedus.controller.insight.control;

import io.foedus.controller.insight.entity.MetricName;
import io.foedus.controller.persistence.Sql;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;

/** Which metrics clients reported lately: in the newest two hundred validations, in order of the alphabet. */
public final class MetricNames {
    private MetricNames() {}

    public static List<MetricName> ofSession(EntityManager entities, UUID session) {
        return lately(entities, "session_id", session);
    }

    public static List<MetricName> ofAlliance(EntityManager entities, UUID alliance) {
        return lately(entities, "alliance_id", alliance);
    }

    private static List<MetricName> lately(EntityManager entities, String column, UUID id) {
        return Sql.of(entities, """
                        SELECT key, bool_or(most - least > 1e-9 * greatest(abs(most), abs(least)))
                        FROM (
                          SELECT m.key, max(CAST(m.value AS double precision)) AS most,
                            min(CAST(m.value AS double precision)) AS least
                          FROM (SELECT model_id, metrics FROM validation WHERE %s = :id
                                ORDER BY received_at DESC LIMIT 200) v, jsonb_each(v.metrics) m
                          WHERE jsonb_typeof(m.value) = 'number'
                          GROUP BY v.model_id, m.key) of_model
                        GROUP BY key ORDER BY key
                        """.formatted(column))
                .with("id", id)
                .list(row -> new MetricName(row.text(0), row.yes(1)));
    }
}
