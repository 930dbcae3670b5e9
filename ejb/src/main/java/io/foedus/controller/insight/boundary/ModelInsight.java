package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.insight.control.MetricNames;
import io.foedus.controller.insight.control.Rows;
import io.foedus.controller.insight.control.Sight;
import io.foedus.controller.insight.entity.MetricName;
import io.foedus.controller.insight.entity.ModelFacts;
import io.foedus.controller.insight.entity.ModelLine;
import io.foedus.controller.insight.entity.ValidationLine;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.persistence.Json;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The tree of models of an alliance, and what clients say of each. */
@Stateless
public class ModelInsight {
    private static final String COLUMNS =
            "m.id, m.alliance_id, m.name, m.parent_id, m.session_id, s.name AS session, m.round_id,"
                    + " r.number, m.digest, m.size, m.format, coalesce(s.best_model_id = m.id, false) AS best, v.mean, v.std, v.count,"
                    + " m.created_at";

    private static final String TABLES =
            "model m LEFT JOIN session s ON s.id = m.session_id LEFT JOIN round r ON r.id = m.round_id"
                    + " LEFT JOIN LATERAL (SELECT avg(CAST(metrics->>?2 AS double precision)) FILTER (WHERE jsonb_typeof(metrics->?2) ="
                    + " 'number') mean, stddev_pop(CAST(metrics->>?2 AS double precision)) FILTER (WHERE jsonb_typeof(metrics->?2) ="
                    + " 'number') std, count(*) count FROM validation WHERE model_id = m.id) v ON true WHERE ";

    private static final Listing<ModelLine> TRAIL = Listing.of(
                    COLUMNS,
                    TABLES + "m.alliance_id = CAST(?1 AS uuid)",
                    "m.created_at DESC, m.id DESC",
                    ModelInsight::line)
            .text("session", "s.name")
            .exact("sessionId", "m.session_id")
            .text("name", "m.name")
            .text("digest", "m.digest")
            .exact("format", "m.format")
            .exact("round", "r.number")
            .exact("mean", "v.mean")
            .exact("size", "m.size")
            .exact("createdAt", "m.created_at");

    @Inject
    EntityManager entities;

    @Inject
    Sight sight;

    /** Models of the alliance, the newest first. */
    public Page<ModelLine> trail(Actor actor, UUID alliance, String metric, Query query) {
        sight.ofAlliance(actor, alliance);
        return TRAIL.page(entities, query, alliance.toString(), metric);
    }

    /** Parent by model, the newest five thousand of the alliance, newest first; a seed model's parent is null. */
    public Map<UUID, UUID> parents(Actor actor, UUID alliance) {
        sight.ofAlliance(actor, alliance);
        Map<UUID, UUID> parents = new LinkedHashMap<>();
        Rows.of(
                        entities,
                        "SELECT id, parent_id FROM model WHERE alliance_id = CAST(?1 AS uuid) ORDER BY created_at DESC, id DESC"
                                + " LIMIT 5000",
                        row -> new UUID[] {row.id(0), row.id(1)},
                        alliance)
                .forEach(pair -> parents.put(pair[0], pair[1]));
        return parents;
    }

    /** Metrics that clients reported lately in the alliance. */
    public List<MetricName> metrics(Actor actor, UUID alliance) {
        sight.ofAlliance(actor, alliance);
        return MetricNames.lately(entities, "alliance_id", alliance);
    }

    /** One model with its proof, ancestors and children. */
    public ModelFacts facts(Actor actor, UUID model, String metric) {
        sight.ofModel(actor, model);
        ModelLine line = lines("m.id = CAST(?1 AS uuid)", model, metric, 1).get(0);
        return Rows.of(
                        entities,
                        "SELECT CAST(m.layout AS text) AS layout, m.manifest, m.manifest_hash, m.signature, a.name FROM model m"
                                + " LEFT JOIN account a ON a.id = m.created_by WHERE m.id = CAST(?1 AS uuid)",
                        row -> new ModelFacts(
                                line,
                                Json.objects(row.text(0)),
                                row.text(1),
                                row.text(2),
                                row.text(3),
                                row.text(4),
                                lines(
                                        "m.id IN (WITH RECURSIVE up(id, parent_id, depth) AS (SELECT id, parent_id, 0 FROM model"
                                                + " WHERE id = CAST(?1 AS uuid) UNION ALL SELECT p.id, p.parent_id, up.depth + 1"
                                                + " FROM model p JOIN up ON p.id = up.parent_id WHERE up.depth < 50)"
                                                + " SELECT id FROM up WHERE depth > 0)",
                                        model,
                                        metric,
                                        50),
                                lines("m.parent_id = CAST(?1 AS uuid)", model, metric, 50)),
                        model)
                .get(0);
    }

    /** What each client said of the model. */
    public List<ValidationLine> validations(Actor actor, UUID model) {
        sight.ofModel(actor, model);
        return Rows.of(
                entities,
                "SELECT c.id, c.name, v.model_id, r.number, v.examples, CAST(v.metrics AS text), v.received_at FROM validation v"
                        + " JOIN client c ON c.id = v.client_id LEFT JOIN round r ON r.id = v.round_id"
                        + " WHERE v.model_id = CAST(?1 AS uuid) ORDER BY c.name LIMIT 10000",
                row -> new ValidationLine(
                        row.id(0), row.text(1), row.id(2), row.count(3), row.whole(4), row.object(5), row.instant(6)),
                model);
    }

    private List<ModelLine> lines(String condition, UUID id, String metric, int most) {
        return Listing.of(COLUMNS, TABLES + condition, "m.created_at DESC, m.id DESC", ModelInsight::line)
                .page(entities, Query.first(most), id.toString(), metric)
                .items();
    }

    private static ModelLine line(Object[] values) {
        Rows row = Rows.of(values);
        return new ModelLine(
                row.id(0),
                row.id(1),
                row.text(2),
                row.id(3),
                row.id(4),
                row.text(5),
                row.id(6),
                row.text(7) == null ? null : row.count(7),
                row.text(8),
                row.whole(9),
                row.text(10),
                row.yes(11),
                row.real(12),
                row.real(13),
                row.count(14),
                row.instant(15));
    }
}
