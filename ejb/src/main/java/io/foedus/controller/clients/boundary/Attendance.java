package io.foedus.controller.clients.boundary;

import io.foedus.controller.combiners.boundary.Combiners;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.events.entity.Event.About;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.persistence.Sql;
import io.foedus.controller.telemetry.boundary.Telemetry;
import io.foedus.core.exchange.AttachmentReport;
import io.foedus.core.exchange.AttachmentReport.Attached;
import io.foedus.core.exchange.Severity;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
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
        record Locked(UUID id, boolean here) {}
        return Sql.of(entities, """
                        SELECT id, combiner_id = :combiner AND state = 'ATTACHED' FROM client
                        WHERE id IN (SELECT CAST(value AS uuid) FROM jsonb_array_elements_text(:clients))
                          OR :attached AND combiner_id = :combiner AND state = 'ATTACHED'
                        ORDER BY id FOR NO KEY UPDATE
                        """)
                .with("combiner", combiner)
                .withJson("clients", clients)
                .with("attached", attached)
                .list(row -> new Locked(row.id(0), row.yes(1)))
                .stream()
                .filter(Locked::here)
                .map(Locked::id)
                .toList();
    }

    private List<UUID> attach(UUID combiner, List<Attached> attached) {
        return Sql.of(entities, """
                        WITH said AS (
                          SELECT DISTINCT ON ("clientId") * FROM jsonb_to_recordset(:attached)
                            AS s("clientId" uuid, labels jsonb, program text, "packageDigest" text)),
                        now AS (
                          UPDATE client c SET state = 'ATTACHED', combiner_id = :combiner, reason = NULL, last_seen_at = :now,
                            labels = coalesce(s.labels, c.labels), program = coalesce(s.program, c.program),
                            package_digest = coalesce(nullif(s."packageDigest", ''), c.package_digest),
                            busy = c.busy AND c.combiner_id = :combiner
                          FROM said s WHERE c.id = s."clientId" AND c.state <> 'REVOKED' RETURNING c.alliance_id)
                        SELECT DISTINCT alliance_id FROM now
                        """)
                .withJson("attached", attached)
                .with("combiner", combiner)
                .with("now", clock.instant())
                .list(row -> row.id(0));
    }

    private List<UUID> detach(UUID combiner, Collection<UUID> clients, String reason) {
        return Sql.of(entities, """
                        WITH gone AS (
                          UPDATE client SET state = 'DETACHED', combiner_id = NULL, busy = false, reason = :reason
                          WHERE combiner_id = :combiner AND state = 'ATTACHED'
                            AND id IN (SELECT CAST(value AS uuid) FROM jsonb_array_elements_text(:clients))
                          RETURNING alliance_id)
                        SELECT DISTINCT alliance_id FROM gone
                        """)
                .with("combiner", combiner)
                .with("reason", reason)
                .withJson("clients", clients)
                .list(row -> row.id(0));
    }

    private List<UUID> detach(UUID combiner, AttachmentReport.Detached detached) {
        return Sql.of(entities, """
                        UPDATE client SET state = 'DETACHED', combiner_id = NULL, busy = false, reason = :reason
                        WHERE id = :client AND combiner_id = :combiner AND state = 'ATTACHED'
                        RETURNING alliance_id, name
                        """)
                .with("client", detached.clientId())
                .with("combiner", combiner)
                .with("reason", detached.reason())
                .list(row -> {
                    events.add(
                            Severity.INFO,
                            "client.detached",
                            "client " + row.text(1) + " detached: " + detached.reason(),
                            About.client(row.id(0), detached.clientId()));
                    return row.id(0);
                });
    }

    private void work(UUID combiner, List<UUID> clients, boolean busy) {
        if (!clients.isEmpty()) {
            Sql.of(entities, """
                            UPDATE client SET busy = :busy
                            WHERE combiner_id = :combiner AND busy <> :busy
                              AND id IN (SELECT CAST(value AS uuid) FROM jsonb_array_elements_text(:clients))
                            """)
                    .with("busy", busy)
                    .with("combiner", combiner)
                    .withJson("clients", clients)
                    .run();
        }
    }

    private void sample(UUID combiner, Map<UUID, Map<String, Object>> samples) {
        if (samples.isEmpty()) {
            return;
        }
        Sql.of(entities, """
                        UPDATE client c SET telemetry = s.value, last_seen_at = :now
                        FROM jsonb_each(:samples) AS s WHERE c.id = CAST(s.key AS uuid) AND c.combiner_id = :combiner
                        """)
                .withJson("samples", samples)
                .with("combiner", combiner)
                .with("now", clock.instant())
                .run();
        telemetry.addOfClients(samples);
    }
}
