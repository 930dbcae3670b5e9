package io.foedus.controller.clients.boundary;

import io.foedus.controller.combiners.boundary.Combiners;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.events.entity.Event.About;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.telemetry.boundary.Telemetry;
import io.foedus.core.exchange.AttachmentReport;
import io.foedus.core.exchange.AttachmentReport.Attached;
import io.foedus.core.exchange.Severity;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Books which client is attached where, from what combiners tell. Every report is a few statements however many clients
 * it is about, so that ten thousand may come back at once.
 *
 * <p>Combiners tell about the same clients at the same time, as clients move. So whoever writes several clients' rows
 * locks the combiner's row first, then all of those rows in the order of their ids, and writes no others.
 */
@Stateless
public class Attendance {
    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    Combiners combiners;

    @Inject
    News news;

    @Inject
    Events events;

    @Inject
    Telemetry telemetry;

    /** Books one report; repeating it changes nothing. An unknown or revoked client is ignored. */
    public void report(Actor actor, UUID combiner, AttachmentReport report) {
        combiners.requireEpoch(actor, combiner, report.epoch());
        List<UUID> attachedHere = lock(combiner, report.clients(), report.full());
        Set<UUID> touched = new HashSet<>();
        if (report.full()) {
            Set<UUID> others = new HashSet<>(attachedHere);
            report.attached().forEach(one -> others.remove(one.clientId()));
            touched.addAll(detach(combiner, others, "not attached any more"));
        }
        if (!report.attached().isEmpty()) {
            touched.addAll(attach(combiner, report.attached()));
        }
        for (AttachmentReport.Detached detached : report.detached()) {
            touched.addAll(detach(combiner, detached));
        }
        work(combiner, report.busy(), true);
        work(combiner, report.idle(), false);
        sample(combiner, report.telemetry());
        touched.forEach(alliance -> news.tell(Topic.CLIENTS, alliance));
    }

    /** Everybody at a combiner that is lost. */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public void detachAll(UUID combiner, String reason) {
        detach(combiner, lock(combiner, List.of(), true), reason)
                .forEach(alliance -> news.tell(Topic.CLIENTS, alliance));
    }

    /**
     * Locks these clients.
     *
     * @param attached whether also all that are attached to the combiner
     * @return those of them that are attached to the combiner
     */
    private List<UUID> lock(UUID combiner, Collection<UUID> clients, boolean attached) {
        List<?> rows = entities.createNativeQuery("""
                        SELECT id, combiner_id = ?1 AND state = 'ATTACHED' FROM client
                        WHERE id IN (SELECT value::uuid FROM jsonb_array_elements_text(?2))
                          OR ?3 AND combiner_id = ?1 AND state = 'ATTACHED'
                        ORDER BY id FOR NO KEY UPDATE
                        """)
                .setParameter(1, combiner)
                .setParameter(2, json(clients))
                .setParameter(3, attached)
                .getResultList();
        return rows.stream()
                .map(Object[].class::cast)
                .filter(row -> Boolean.TRUE.equals(row[1]))
                .map(row -> (UUID) row[0])
                .toList();
    }

    private List<UUID> attach(UUID combiner, List<Attached> attached) {
        return ids(entities.createNativeQuery("WITH said AS (SELECT DISTINCT ON (\"clientId\") * FROM"
                        + " jsonb_to_recordset(?1) AS s(\"clientId\" uuid, labels jsonb, program text,"
                        + " \"packageDigest\" text)), now AS (UPDATE client c SET state = 'ATTACHED', combiner_id = ?2,"
                        + " reason = NULL, last_seen_at = ?3, labels = coalesce(s.labels, c.labels), program ="
                        + " coalesce(s.program, c.program), package_digest = coalesce(nullif(s.\"packageDigest\", ''),"
                        + " c.package_digest), busy = c.busy AND c.combiner_id = ?2 FROM said s WHERE c.id ="
                        + " s.\"clientId\" AND c.state <> 'REVOKED' RETURNING c.alliance_id) SELECT DISTINCT"
                        + " alliance_id FROM now")
                .setParameter(1, json(attached))
                .setParameter(2, combiner)
                .setParameter(3, clock.instant().atOffset(ZoneOffset.UTC)));
    }

    private List<UUID> detach(UUID combiner, Collection<UUID> clients, String reason) {
        return ids(entities.createNativeQuery("""
                        WITH gone AS (UPDATE client SET state = 'DETACHED', combiner_id = NULL, busy = false, reason = ?3
                          WHERE combiner_id = ?1 AND state = 'ATTACHED'
                            AND id IN (SELECT value::uuid FROM jsonb_array_elements_text(?2)) RETURNING alliance_id)
                        SELECT DISTINCT alliance_id FROM gone
                        """)
                .setParameter(1, combiner)
                .setParameter(2, json(clients))
                .setParameter(3, reason));
    }

    @SuppressWarnings("unchecked")
    private List<UUID> detach(UUID combiner, AttachmentReport.Detached detached) {
        List<Object[]> rows = entities.createNativeQuery(
                        "UPDATE client SET state = 'DETACHED', combiner_id = NULL, busy"
                                + " = false, reason = ?3 WHERE id = ?1 AND combiner_id = ?2 AND state = 'ATTACHED' RETURNING"
                                + " alliance_id, name")
                .setParameter(1, detached.clientId())
                .setParameter(2, combiner)
                .setParameter(3, detached.reason())
                .getResultList();
        for (Object[] row : rows) {
            events.add(
                    Severity.INFO,
                    "client.detached",
                    "client " + row[1] + " detached: " + detached.reason(),
                    About.client((UUID) row[0], detached.clientId()));
        }
        return rows.stream().map(row -> (UUID) row[0]).toList();
    }

    private void work(UUID combiner, List<UUID> clients, boolean busy) {
        if (!clients.isEmpty()) {
            entities.createNativeQuery("UPDATE client SET busy = ?1 WHERE combiner_id = ?2 AND busy <> ?1 AND id IN"
                            + " (SELECT value::uuid FROM jsonb_array_elements_text(?3))")
                    .setParameter(1, busy)
                    .setParameter(2, combiner)
                    .setParameter(3, json(clients))
                    .executeUpdate();
        }
    }

    private void sample(UUID combiner, Map<UUID, Map<String, Object>> samples) {
        if (samples.isEmpty()) {
            return;
        }
        entities.createNativeQuery("UPDATE client c SET telemetry = s.value, last_seen_at = ?3 FROM jsonb_each(?1) AS s"
                        + " WHERE c.id = s.key::uuid AND c.combiner_id = ?2")
                .setParameter(1, json(samples))
                .setParameter(2, combiner)
                .setParameter(3, clock.instant().atOffset(ZoneOffset.UTC))
                .executeUpdate();
        telemetry.addOfClients(samples);
    }

    private static Object json(Object value) {
        return JsonObjectConverter.jsonb(Json.write(value));
    }

    @SuppressWarnings("unchecked")
    private static List<UUID> ids(Query sql) {
        return sql.getResultList();
    }
}
