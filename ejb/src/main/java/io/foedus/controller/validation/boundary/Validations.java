package io.foedus.controller.validation.boundary;

import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.persistence.Row;
import io.foedus.controller.persistence.Sql;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.core.exchange.ValidationNotice;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps validations and sums them up; whoever calls has checked that the reader may see them. Columns to sort and
 * filter by: session, model, client, clientName, examples, roundNumber, receivedAt.
 */
@Stateless
public class Validations {
    private static final Listing<ValidationView> ALL = Listing.of("""
                    v.id, v.model_id, v.session_id, v.round_id, r.number, v.client_id, c.name, c.external_id,
                    b.name AS combiner, v.examples, v.metrics, v.timings, v.received_at
                    """, "validation v", """
                    JOIN client c ON c.id = v.client_id
                    LEFT JOIN combiner b ON b.id = c.combiner_id
                    LEFT JOIN round r ON r.id = v.round_id
                    """, Validations::view)
            .orderedBy("c.name")
            .exact("session", "v.session_id")
            .exact("model", "v.model_id")
            .exact("client", "v.client_id")
            .text("clientName", "c.name")
            .exact("examples", "v.examples")
            .exact("roundNumber", "r.number")
            .exact("receivedAt", "v.received_at");
    private static final Listing<ValidationView> ONE = ALL.where("v.id = :id AND v.alliance_id = :alliance");
    private static final Listing<ValidationView> OF_ROUND = ALL.where("v.round_id = :round");
    private static final Listing<ValidationView> OF_MODEL = ALL.where("v.model_id = :model");
    private static final Listing<ValidationView> OF_SESSION =
            ALL.where("v.session_id = :session").orderedBy("r.number, c.name");
    private static final Listing<ValidationView> OF_CLIENT =
            ALL.where("v.client_id = :client").orderedBy("v.received_at DESC");
    private static final Listing<ValidationView> OF_ALLIANCE =
            ALL.where("v.alliance_id = :alliance").orderedBy("v.received_at DESC, v.id");

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    /** What was validated, and in which round of which session; both may be null. */
    public record Subject(UUID alliance, UUID model, UUID session, UUID round) {}

    /** Keeps them in the caller's transaction; clients of other alliances are ignored. */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public void add(Subject subject, List<ValidationNotice> measured) {
        List<Map<String, Object>> rows = measured.stream()
                .map(one -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("id", TimeOrderedId.next(clock).toString());
                    row.put("client", one.clientId().toString());
                    row.put("examples", one.examples());
                    row.put("metrics", one.metrics());
                    row.put("timings", one.timings());
                    return row;
                })
                .toList();
        insertOrReplace(subject, rows);
    }

    private void insertOrReplace(Subject subject, List<Map<String, Object>> rows) {
        Sql.of(entities, """
                        INSERT INTO validation AS v (id, alliance_id, model_id, client_id, session_id, round_id, examples,
                          metrics, timings, received_at)
                        SELECT DISTINCT ON (c.id) s.id, :alliance, :model, c.id, :session, :round, s.examples, s.metrics,
                          s.timings, :now
                        FROM jsonb_to_recordset(:rows) AS s(id uuid, client uuid, examples bigint, metrics jsonb, timings jsonb)
                          JOIN client c ON c.id = s.client AND c.alliance_id = :alliance
                        ORDER BY c.id
                        ON CONFLICT (model_id, client_id) DO UPDATE SET session_id = excluded.session_id,
                          round_id = excluded.round_id, examples = excluded.examples, metrics = excluded.metrics,
                          timings = excluded.timings, received_at = excluded.received_at
                        """)
                .withJson("rows", rows)
                .with("alliance", subject.alliance())
                .with("model", subject.model())
                .with("session", subject.session())
                .with("round", subject.round())
                .with("now", clock.instant())
                .run();
    }

    /** Per model, per metric: what its clients say together. Models without validations are left out. */
    public Map<UUID, Map<String, MetricSummary>> summaries(Collection<UUID> models) {
        return summaries(models, """
                SELECT key, CAST(CAST(value AS text) AS double precision) AS number FROM jsonb_each(v.metrics)
                WHERE jsonb_typeof(value) = 'number'
                """, "");
    }

    /** The same of one metric. */
    public Map<UUID, Map<String, MetricSummary>> summaries(Collection<UUID> models, String metric) {
        return summaries(models, """
                SELECT CAST(:metric AS text) AS key, CAST(v.metrics->>:metric AS double precision) AS number
                WHERE jsonb_typeof(v.metrics->:metric) = 'number'
                """, metric);
    }

    private Map<UUID, Map<String, MetricSummary>> summaries(Collection<UUID> models, String numbers, String metric) {
        Map<UUID, Map<String, MetricSummary>> summaries = new LinkedHashMap<>();
        if (models.isEmpty()) {
            return summaries;
        }
        Sql.of(entities, """
                        SELECT v.model_id, m.key, avg(m.number), sum(m.number * v.examples) / sum(v.examples), min(m.number),
                          max(m.number), stddev_pop(m.number), count(*)
                        FROM validation v CROSS JOIN LATERAL (%s) AS m
                        WHERE v.model_id IN (SELECT CAST(value AS uuid) FROM jsonb_array_elements_text(:models))
                        GROUP BY v.model_id, m.key ORDER BY m.key
                        """.formatted(numbers))
                .withJson("models", models)
                .with("metric", metric)
                .list(row -> summaries
                        .computeIfAbsent(row.id(0), model -> new LinkedHashMap<>())
                        .put(
                                row.text(1),
                                new MetricSummary(
                                        row.real(2),
                                        row.real(3),
                                        row.real(4),
                                        row.real(5),
                                        row.real(6),
                                        row.whole(7))));
        return summaries;
    }

    /** One validation of the alliance. */
    public Optional<ValidationView> one(Actor actor, UUID alliance, UUID id) {
        AccessPolicy.require(actor, Action.READ, alliance, "validation", id);
        return ONE.one(entities, Map.of("id", id, "alliance", alliance));
    }

    /** All of the alliance, the newest first. */
    public Page<ValidationView> list(Actor actor, UUID alliance, Query query) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        return OF_ALLIANCE.page(entities, query, Map.of("alliance", alliance));
    }

    /** Those of a model by the client's name, at most so many. */
    public List<ValidationView> ofModel(UUID model, int most) {
        return OF_MODEL.first(entities, most, Map.of("model", model));
    }

    /** Those of a round by the client's name, at most so many. */
    public List<ValidationView> ofRound(UUID round, int most) {
        return OF_ROUND.first(entities, most, Map.of("round", round));
    }

    /** Those of a client, the newest first, at most so many. */
    public List<ValidationView> ofClient(UUID client, int most) {
        return OF_CLIENT.first(entities, most, Map.of("client", client));
    }

    public Page<ValidationView> ofModel(UUID model, Query query) {
        return OF_MODEL.page(entities, query, Map.of("model", model));
    }

    public Page<ValidationView> ofSession(UUID session, Query query) {
        return OF_SESSION.page(entities, query, Map.of("session", session));
    }

    private static ValidationView view(Row row) {
        return new ValidationView(
                row.id(0),
                row.id(1),
                row.id(2),
                row.id(3),
                row.countOrNull(4),
                row.id(5),
                row.text(6),
                row.text(7),
                row.text(8),
                row.whole(9),
                row.object(10),
                row.object(11),
                row.instant(12));
    }
}
