package io.foedus.controller.validation.boundary;

import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.core.exchange.ValidationNotice;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Keeps validations and sums them up; whoever calls has checked that the reader may see them. Columns to sort and
 * filter by: client, clientName, examples, roundNumber, receivedAt.
 */
@Stateless
public class Validations {
    private static final String COLUMNS = "v.id, v.model_id, v.round_id, r.number, v.client_id, c.name, v.examples,"
            + " v.metrics, v.timings, v.received_at";
    private static final String ROWS =
            "validation v JOIN client c ON c.id = v.client_id LEFT JOIN round r ON r.id = v.round_id WHERE ";
    private static final Listing<ValidationView> OF_ROUND = listing("v.round_id = ?1", "c.name");
    private static final Listing<ValidationView> OF_MODEL = listing("v.model_id = ?1", "c.name");
    private static final Listing<ValidationView> OF_SESSION = listing("v.session_id = ?1", "r.number, c.name");
    private static final Listing<ValidationView> OF_CLIENT = listing("v.client_id = ?1", "v.received_at DESC");

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
        entities.createNativeQuery("INSERT INTO validation AS v (id, alliance_id, model_id, client_id, session_id,"
                        + " round_id, examples, metrics, timings, received_at) SELECT DISTINCT ON (c.id) s.id, ?2, ?3,"
                        + " c.id, ?4, ?5, s.examples, s.metrics, s.timings, ?6 FROM jsonb_to_recordset(?1) AS s(id uuid,"
                        + " client uuid, examples bigint, metrics jsonb, timings jsonb) JOIN client c ON c.id = s.client"
                        + " AND c.alliance_id = ?2 ORDER BY c.id ON CONFLICT (model_id, client_id) DO UPDATE SET"
                        + " session_id = excluded.session_id, round_id = excluded.round_id, examples ="
                        + " excluded.examples, metrics = excluded.metrics, timings = excluded.timings, received_at ="
                        + " excluded.received_at")
                .setParameter(1, JsonObjectConverter.jsonb(Json.write(rows)))
                .setParameter(2, subject.alliance())
                .setParameter(3, subject.model())
                .setParameter(4, subject.session())
                .setParameter(5, subject.round())
                .setParameter(6, clock.instant().atOffset(ZoneOffset.UTC))
                .executeUpdate();
    }

    /** Per model, per metric: what its clients say together. Models without validations are left out. */
    @SuppressWarnings("unchecked")
    public Map<UUID, Map<String, MetricSummary>> summaries(Collection<UUID> models) {
        if (models.isEmpty()) {
            return Map.of();
        }
        List<Object[]> rows = entities.createNativeQuery("SELECT v.model_id, m.key, avg(m.number), sum(m.number *"
                        + " v.examples) / sum(v.examples), min(m.number), max(m.number), stddev_pop(m.number), count(*)"
                        + " FROM validation v CROSS JOIN LATERAL (SELECT key, value::text::double precision AS"
                        + " number FROM jsonb_each(v.metrics) WHERE jsonb_typeof(value) = 'number') AS m"
                        + " WHERE v.model_id IN (SELECT value::uuid FROM jsonb_array_elements_text(?1))"
                        + " GROUP BY v.model_id, m.key ORDER BY m.key")
                .setParameter(1, JsonObjectConverter.jsonb(Json.write(models)))
                .getResultList();
        Map<UUID, Map<String, MetricSummary>> summaries = new LinkedHashMap<>();
        for (Object[] row : rows) {
            summaries
                    .computeIfAbsent((UUID) row[0], model -> new LinkedHashMap<>())
                    .put(
                            (String) row[1],
                            new MetricSummary(
                                    number(row[2]),
                                    number(row[3]),
                                    number(row[4]),
                                    number(row[5]),
                                    number(row[6]),
                                    ((Number) row[7]).longValue()));
        }
        return summaries;
    }

    public Page<ValidationView> ofRound(UUID round, Query query) {
        return OF_ROUND.page(entities, query, round);
    }

    public Page<ValidationView> ofModel(UUID model, Query query) {
        return OF_MODEL.page(entities, query, model);
    }

    public Page<ValidationView> ofSession(UUID session, Query query) {
        return OF_SESSION.page(entities, query, session);
    }

    public Page<ValidationView> ofClient(UUID client, Query query) {
        return OF_CLIENT.page(entities, query, client);
    }

    private static double number(Object column) {
        return ((Number) column).doubleValue();
    }

    private static Listing<ValidationView> listing(String which, String order) {
        return Listing.of(COLUMNS, ROWS + which, order, Validations::view)
                .exact("client", "v.client_id")
                .text("clientName", "c.name")
                .exact("examples", "v.examples")
                .exact("roundNumber", "r.number")
                .exact("receivedAt", "v.received_at");
    }

    private static ValidationView view(Object[] row) {
        return new ValidationView(
                (UUID) row[0],
                (UUID) row[1],
                (UUID) row[2],
                row[3] == null ? null : ((Number) row[3]).intValue(),
                (UUID) row[4],
                (String) row[5],
                ((Number) row[6]).longValue(),
                Json.object(JsonObjectConverter.text(row[7])),
                Json.object(JsonObjectConverter.text(row[8])),
                InstantConverter.of(row[9]));
    }
}
