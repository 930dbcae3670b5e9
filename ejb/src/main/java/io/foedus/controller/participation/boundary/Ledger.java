package io.foedus.controller.participation.boundary;

import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.ShareReport.Input;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Books in the ledger, in the transaction of whoever checked that the claimant may. Each call is a few statements
 * however many clients it is about.
 *
 * <p>An update is accepted by the report of its share and by nothing else, so that accepted updates are exactly those
 * that a round may be made of.
 *
 * <p>Locks are taken in one order: the combiner's row, clients by id, shares by id, then rows of the ledger by round,
 * client and kind, then updates. Rows of one combiner's part of a round are written under the lock of its share; as
 * another combiner that claims the same clients looks at those rows under the lock of its own, whoever changes several
 * of them locks them in their order first.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.MANDATORY)
public class Ledger {
    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    /**
     * Claims clients of an alliance. Repeatable. A row that is lost may be claimed by anybody, one that is claimed only
     * by the same combiner (under its new epoch).
     *
     * @return the clients that are the claimant's now, in the order of their ids
     */
    public List<UUID> claim(Claimant claimant, UUID alliance, Collection<UUID> clients) {
        List<Map<String, Object>> rows = clients.stream()
                .distinct()
                .map(client ->
                        Map.<String, Object>of("id", TimeOrderedId.next(clock).toString(), "client", client.toString()))
                .toList();
        entities.createNativeQuery("INSERT INTO participation AS p (id, round_id, client_id, kind, combiner_id, epoch,"
                        + " state, claimed_at) SELECT s.id, ?2, c.id, ?3, ?4, ?5, 'CLAIMED', ?6"
                        + " FROM jsonb_to_recordset(?1) AS s(id uuid, client uuid) JOIN client c ON c.id = s.client"
                        + " AND c.alliance_id = ?7 AND c.state <> 'REVOKED' ORDER BY c.id"
                        + " ON CONFLICT (round_id, client_id, kind) DO UPDATE SET combiner_id = excluded.combiner_id,"
                        + " epoch = excluded.epoch, state = 'CLAIMED', reason = NULL, claimed_at = excluded.claimed_at,"
                        + " ended_at = NULL WHERE p.state = 'LOST'"
                        + " OR (p.state = 'CLAIMED' AND p.combiner_id = excluded.combiner_id)")
                .setParameter(1, json(rows))
                .setParameter(2, claimant.round())
                .setParameter(3, claimant.kind().name())
                .setParameter(4, claimant.combiner())
                .setParameter(5, claimant.epoch())
                .setParameter(6, now())
                .setParameter(7, alliance)
                .executeUpdate();
        return ids(of(
                "SELECT client_id FROM participation WHERE %s AND state = 'CLAIMED' AND client_id IN (SELECT value::uuid"
                        + " FROM jsonb_array_elements_text(?5)) ORDER BY client_id",
                claimant, json(clients)));
    }

    /**
     * Makes the inputs of a share final: their clients are counted through this claimant and nobody else, ever. Whoever
     * else it had claimed is lost to it.
     *
     * @throws Refusal {@code CONFLICTING_CLAIMS} naming the clients that are not its own; nothing is booked then
     */
    public void settle(Claimant claimant, List<Input> inputs) {
        List<String> clients =
                inputs.stream().map(input -> input.clientId().toString()).toList();
        List<UUID> foreign = ids(of(
                "SELECT value::uuid FROM jsonb_array_elements_text(?5) WHERE value::uuid NOT IN (SELECT client_id FROM"
                        + " participation WHERE %s AND state IN ('CLAIMED', 'REPORTED'))",
                claimant, json(clients)));
        if (!foreign.isEmpty()) {
            throw Refusal.conflict(
                            "CONFLICTING_CLAIMS",
                            foreign.size() + " of the clients are not claimed by this combiner in this round.",
                            "Fold again without them.")
                    .with("clients", foreign);
        }
        lockRows(claimant);
        of("""
                        UPDATE participation SET
                          state = CASE WHEN client_id IN (SELECT value::uuid FROM jsonb_array_elements_text(?5))
                                  THEN 'REPORTED' ELSE 'LOST' END,
                          reason = CASE WHEN client_id IN (SELECT value::uuid FROM jsonb_array_elements_text(?5))
                                   THEN NULL ELSE 'NOT_REPORTED' END,
                          ended_at = ?6
                        WHERE %s AND state = 'CLAIMED'
                        """, claimant, json(clients)).setParameter(6, now()).executeUpdate();
        if (claimant.kind() == TaskKind.TRAIN) {
            accept(claimant, inputs);
        }
    }

    /** The only place where an update becomes accepted. */
    private void accept(Claimant claimant, List<Input> inputs) {
        List<Map<String, Object>> rows = inputs.stream().map(this::row).toList();
        entities.createNativeQuery("""
                        DELETE FROM model_update u USING jsonb_to_recordset(?3) AS s(client uuid, digest text)
                        WHERE u.round_id = ?1 AND u.combiner_id = ?2 AND u.client_id = s.client
                          AND (u.fate = 'RECEIVED' OR u.fate = 'LATE' AND u.digest = s.digest)
                        """)
                .setParameter(1, claimant.round())
                .setParameter(2, claimant.combiner())
                .setParameter(3, json(rows))
                .executeUpdate();
        entities.createNativeQuery("""
                        UPDATE model_update SET fate = 'LATE', reason = 'NOT_FOLDED'
                        WHERE round_id = ?1 AND combiner_id = ?2 AND fate = 'RECEIVED'
                        """)
                .setParameter(1, claimant.round())
                .setParameter(2, claimant.combiner())
                .executeUpdate();
        entities.createNativeQuery("""
                        INSERT INTO model_update (id, round_id, client_id, combiner_id, digest, size, examples, weight,
                          staleness, fate, metrics, timings, received_at)
                        SELECT s.id, ?2, s.client, ?3, s.digest, s.size, s.examples, s.weight, s.staleness, 'ACCEPTED',
                          s.metrics, s.timings, ?4
                        FROM jsonb_to_recordset(?1) AS s(id uuid, client uuid, digest text, size bigint, examples bigint,
                          weight double precision, staleness int, metrics jsonb, timings jsonb)
                        ORDER BY s.client
                        """)
                .setParameter(1, json(rows))
                .setParameter(2, claimant.round())
                .setParameter(3, claimant.combiner())
                .setParameter(4, now())
                .executeUpdate();
    }

    /**
     * Notes what a combiner tells while it collects. It accepts nothing: what the combiner took is received until the
     * share's report decides, and late if its claim is over. A client that could not deliver, or whose update was
     * refused, at the door or when it could not be folded, has failed, also when the report came before this news.
     * Repeatable; a client of another alliance is ignored.
     */
    public void note(Claimant claimant, UUID alliance, List<UpdateNotice> deliveries) {
        lockShare(claimant);
        Set<String> refused = deliveries.stream()
                .filter(delivery -> delivery.fate() == Fate.REJECTED)
                .map(delivery -> delivery.clientId() + " " + delivery.digest())
                .collect(Collectors.toSet());
        List<Map<String, Object>> updates = deliveries.stream()
                .filter(delivery -> !delivery.fate().isFailure())
                .filter(delivery -> delivery.fate() != Fate.ACCEPTED
                        || !refused.contains(delivery.clientId() + " " + delivery.digest()))
                .map(this::row)
                .toList();
        List<Map<String, Object>> failures = deliveries.stream()
                .filter(delivery -> delivery.fate().isFailure() || delivery.fate() == Fate.REJECTED)
                .map(this::row)
                .toList();
        if (!updates.isEmpty()) {
            noteRefusals(claimant, updates);
            noteUpdates(claimant, alliance, updates);
        }
        if (!failures.isEmpty()) {
            noteFailures(claimant, failures);
        }
    }

    /**
     * Updates of a round that do not count after all, nor their clients' parts in it, though their combiners' reports
     * were taken. The caller holds the locks of the round's shares. Repeatable.
     */
    public void reject(UUID round, List<UUID> clients, String reason) {
        for (String statement : List.of("""
                UPDATE participation SET state = 'FAILED', reason = ?1
                WHERE round_id = ?2 AND kind = 'TRAIN' AND state = 'REPORTED'
                  AND client_id IN (SELECT value::uuid FROM jsonb_array_elements_text(?3))""", """
                UPDATE model_update SET fate = 'REJECTED', reason = ?1
                WHERE round_id = ?2 AND fate = 'ACCEPTED'
                  AND client_id IN (SELECT value::uuid FROM jsonb_array_elements_text(?3))""")) {
            entities.createNativeQuery(statement)
                    .setParameter(1, reason)
                    .setParameter(2, round)
                    .setParameter(3, json(clients))
                    .executeUpdate();
        }
    }

    /** What was received first and could not be folded becomes a rejected one. */
    private void noteRefusals(Claimant claimant, List<Map<String, Object>> updates) {
        entities.createNativeQuery("""
                        UPDATE model_update u SET fate = s.fate, reason = s.reason
                        FROM jsonb_to_recordset(?1) AS s(client uuid, digest text, fate text, reason text)
                        WHERE u.round_id = ?2 AND u.combiner_id = ?3 AND u.client_id = s.client
                          AND u.digest = s.digest AND s.fate = 'REJECTED'
                          AND (u.fate = 'RECEIVED' OR u.fate = 'LATE' AND u.reason = 'NOT_FOLDED')
                        """)
                .setParameter(1, json(updates))
                .setParameter(2, claimant.round())
                .setParameter(3, claimant.combiner())
                .executeUpdate();
    }

    private void noteUpdates(Claimant claimant, UUID alliance, List<Map<String, Object>> updates) {
        entities.createNativeQuery("""
                        INSERT INTO model_update (id, round_id, client_id, combiner_id, digest, size, examples, weight,
                          fate, reason, metrics, timings, received_at)
                        SELECT s.id, ?2, c.id, ?3, coalesce(s.digest, ''), coalesce(s.size, 0), coalesce(s.examples, 0),
                          coalesce(s.examples, 0), f.fate,
                          CASE WHEN s.fate = 'ACCEPTED' AND f.fate = 'LATE' THEN 'NOT_FOLDED' ELSE s.reason END,
                          coalesce(s.metrics, '{}'), coalesce(s.timings, '{}'), ?4
                        FROM jsonb_to_recordset(?1) AS s(id uuid, client uuid, digest text, size bigint, examples bigint,
                          fate text, reason text, metrics jsonb, timings jsonb)
                        JOIN client c ON c.id = s.client AND c.alliance_id = ?5
                        LEFT JOIN participation p ON p.round_id = ?2 AND p.client_id = s.client AND p.kind = 'TRAIN'
                          AND p.combiner_id = ?3
                        CROSS JOIN LATERAL (SELECT CASE WHEN s.fate <> 'ACCEPTED' THEN s.fate
                          WHEN p.state = 'CLAIMED' THEN 'RECEIVED' WHEN p.state = 'REPORTED' THEN 'ACCEPTED'
                          ELSE 'LATE' END AS fate) f
                        WHERE f.fate <> 'ACCEPTED' AND NOT EXISTS (SELECT 1 FROM model_update u WHERE u.round_id = ?2
                          AND u.client_id = s.client AND u.fate = f.fate AND u.digest = coalesce(s.digest, ''))
                        ORDER BY c.id
                        """)
                .setParameter(1, json(updates))
                .setParameter(2, claimant.round())
                .setParameter(3, claimant.combiner())
                .setParameter(4, now())
                .setParameter(5, alliance)
                .executeUpdate();
    }

    private void noteFailures(Claimant claimant, List<Map<String, Object>> failures) {
        lockRows(claimant);
        of("""
                        UPDATE participation p SET state = CASE WHEN s.fate = 'LOST' THEN 'LOST' ELSE 'FAILED' END,
                          reason = s.reason, ended_at = ?6
                        FROM jsonb_to_recordset(?5) AS s(client uuid, fate text, reason text)
                        WHERE %s AND p.client_id = s.client AND p.state IN ('CLAIMED', 'LOST')
                        """, claimant, json(failures)).setParameter(6, now()).executeUpdate();
    }

    /** These clients have done what they were claimed for. Repeatable. */
    public void reported(Claimant claimant, List<UUID> clients) {
        lockRows(claimant);
        of(
                        "UPDATE participation SET state = 'REPORTED', ended_at = ?6 WHERE %s AND state = 'CLAIMED' AND"
                                + " client_id IN (SELECT value::uuid FROM jsonb_array_elements_text(?5))",
                        claimant, json(clients))
                .setParameter(6, now())
                .executeUpdate();
    }

    /** Whatever a combiner had claimed and not reported is lost to it, in all rounds. */
    public void lose(UUID combiner, String reason) {
        entities.createNativeQuery("""
                        SELECT id, 1 FROM participation WHERE combiner_id = ?1 AND state = 'CLAIMED'
                        ORDER BY round_id, client_id, kind FOR NO KEY UPDATE
                        """).setParameter(1, combiner).getResultList();
        entities.createNativeQuery("""
                        UPDATE participation SET state = 'LOST', reason = ?2, ended_at = ?3
                        WHERE combiner_id = ?1 AND state = 'CLAIMED'
                        """)
                .setParameter(1, combiner)
                .setParameter(2, reason)
                .setParameter(3, now())
                .executeUpdate();
        entities.createNativeQuery("""
                        UPDATE model_update SET fate = 'LATE', reason = ?2
                        WHERE combiner_id = ?1 AND fate = 'RECEIVED'
                        """)
                .setParameter(1, combiner)
                .setParameter(2, reason)
                .executeUpdate();
    }

    /** Ends what is still claimed in a round that is over; where it made no model, nothing of it counts. */
    public void close(UUID round, String reason) {
        lockShares(round);
        entities.createNativeQuery("""
                        UPDATE participation SET state = 'LOST', reason = ?2, ended_at = ?3
                        WHERE round_id = ?1 AND state = 'CLAIMED'
                        """)
                .setParameter(1, round)
                .setParameter(2, reason)
                .setParameter(3, now())
                .executeUpdate();
        entities.createNativeQuery("""
                        UPDATE model_update SET fate = 'LATE', reason = ?2
                        WHERE round_id = ?1 AND (fate = 'RECEIVED' OR fate = 'ACCEPTED'
                          AND NOT EXISTS (SELECT 1 FROM model WHERE round_id = ?1))
                        """)
                .setParameter(1, round)
                .setParameter(2, reason)
                .executeUpdate();
    }

    private void lockShare(Claimant claimant) {
        entities.createNativeQuery("""
                        SELECT id, 1 FROM share WHERE round_id = ?1 AND combiner_id = ?2 AND kind = ?3
                        FOR NO KEY UPDATE
                        """)
                .setParameter(1, claimant.round())
                .setParameter(2, claimant.combiner())
                .setParameter(3, claimant.kind().name())
                .getResultList();
    }

    /** The claimant's rows, in the order in which everybody locks them. */
    private void lockRows(Claimant claimant) {
        entities.createNativeQuery("""
                        SELECT id, 1 FROM participation
                        WHERE round_id = ?1 AND kind = ?2 AND combiner_id = ?3 AND state IN ('CLAIMED', 'LOST')
                        ORDER BY client_id FOR NO KEY UPDATE
                        """)
                .setParameter(1, claimant.round())
                .setParameter(2, claimant.kind().name())
                .setParameter(3, claimant.combiner())
                .getResultList();
    }

    private void lockShares(UUID round) {
        entities.createNativeQuery("SELECT id, 1 FROM share WHERE round_id = ?1 ORDER BY id FOR NO KEY UPDATE")
                .setParameter(1, round)
                .getResultList();
    }

    private Map<String, Object> row(Input input) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", TimeOrderedId.next(clock).toString());
        row.put("client", input.clientId().toString());
        row.put("digest", input.digest());
        row.put("size", input.size());
        row.put("examples", input.examples());
        row.put("weight", input.weight());
        row.put("staleness", input.staleness());
        row.put("metrics", input.metrics());
        row.put("timings", input.timings());
        return row;
    }

    private Map<String, Object> row(UpdateNotice delivery) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", TimeOrderedId.next(clock).toString());
        row.put("client", delivery.clientId().toString());
        row.put("digest", delivery.digest());
        row.put("size", delivery.size());
        row.put("examples", delivery.examples());
        row.put("fate", delivery.fate().name());
        row.put("reason", delivery.reason());
        row.put("metrics", delivery.metrics());
        row.put("timings", delivery.timings());
        return row;
    }

    /** A statement in which {@code %s} stands for the claimant's rows, and {@code ?5} for the json. */
    private Query of(String sql, Claimant claimant, Object json) {
        return entities.createNativeQuery(
                        sql.formatted("round_id = ?1 AND kind = ?2 AND combiner_id = ?3 AND epoch = ?4"))
                .setParameter(1, claimant.round())
                .setParameter(2, claimant.kind().name())
                .setParameter(3, claimant.combiner())
                .setParameter(4, claimant.epoch())
                .setParameter(5, json);
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Object json(Object value) {
        return JsonObjectConverter.jsonb(Json.write(value));
    }

    @SuppressWarnings("unchecked")
    private static List<UUID> ids(Query sql) {
        return sql.getResultList();
    }
}
