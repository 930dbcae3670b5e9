package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.insight.control.Rows;
import io.foedus.controller.insight.control.Sight;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/** The state of an alliance at a glance. */
@Stateless
public class AllianceInsight {
    private static final Duration DAY = Duration.ofDays(1);

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    Sight sight;

    /** Numbers of the last 24 hours unless said otherwise. */
    public record Glance(
            int sessionsOpen,
            int roundsCompleted,
            int roundsFailed,
            int updatesAccepted,
            int updatesRejected,
            int models,
            long modelBytes,
            boolean anyPackage,
            boolean anyModel,
            boolean anyClient,
            boolean anySession) {}

    public Glance glance(Actor actor, UUID alliance) {
        sight.ofAlliance(actor, alliance);
        return Rows.of(
                        entities,
                        "SELECT (SELECT count(*) FROM session WHERE alliance_id = a.id AND state IN ('RUNNING', 'PAUSED')),"
                                + " (SELECT count(*) FROM round r JOIN session s ON s.id = r.session_id WHERE s.alliance_id = a.id AND"
                                + " r.phase = 'COMPLETED' AND r.finished_at > ?2),"
                                + " (SELECT count(*) FROM round r JOIN session s ON s.id = r.session_id WHERE s.alliance_id = a.id AND"
                                + " r.phase = 'FAILED' AND r.finished_at > ?2),"
                                + " (SELECT count(*) FROM model_update u JOIN client c ON c.id = u.client_id WHERE c.alliance_id = a.id"
                                + " AND u.fate = 'ACCEPTED' AND u.received_at > ?2),"
                                + " (SELECT count(*) FROM model_update u JOIN client c ON c.id = u.client_id WHERE c.alliance_id = a.id"
                                + " AND u.fate = 'REJECTED' AND u.received_at > ?2),"
                                + " (SELECT count(*) FROM model WHERE alliance_id = a.id),"
                                + " (SELECT coalesce(sum(size), 0) FROM model WHERE alliance_id = a.id),"
                                + " EXISTS (SELECT 1 FROM compute_package WHERE alliance_id = a.id AND active),"
                                + " EXISTS (SELECT 1 FROM model WHERE alliance_id = a.id),"
                                + " EXISTS (SELECT 1 FROM client WHERE alliance_id = a.id),"
                                + " EXISTS (SELECT 1 FROM session WHERE alliance_id = a.id)"
                                + " FROM alliance a WHERE a.id = CAST(?1 AS uuid)",
                        row -> new Glance(
                                row.count(0),
                                row.count(1),
                                row.count(2),
                                row.count(3),
                                row.count(4),
                                row.count(5),
                                row.whole(6),
                                row.yes(7),
                                row.yes(8),
                                row.yes(9),
                                row.yes(10)),
                        alliance,
                        clock.instant().minus(DAY).atOffset(ZoneOffset.UTC))
                .get(0);
    }

    /**
     * Something that somebody should look at.
     *
     * @param page where it is shown, e.g. {@code session}, with {@code id}
     */
    public record Concern(String severity, String what, String page, UUID id, Instant at) {}

    /** What went wrong within a day and is not over, the newest first; at most twelve. */
    public List<Concern> concerns(Actor actor, UUID alliance) {
        sight.ofAlliance(actor, alliance);
        return Rows.of(
                entities,
                "SELECT * FROM ("
                        + "SELECT 'ERROR' severity, 'Session ' || name || ' failed' || coalesce(': ' || reason, '') what,"
                        + " 'session' page, id, finished_at at FROM session WHERE alliance_id = CAST(?1 AS uuid) AND state = 'FAILED'"
                        + " AND finished_at > ?2"
                        + " UNION ALL SELECT 'WARNING', 'Round ' || r.number || ' of ' || s.name || ' failed' ||"
                        + " coalesce(': ' || r.reason, ''), 'session', s.id, r.finished_at FROM round r JOIN session s"
                        + " ON s.id = r.session_id WHERE s.alliance_id = CAST(?1 AS uuid) AND r.phase = 'FAILED' AND r.finished_at > ?2"
                        + " UNION ALL SELECT 'WARNING', 'Session ' || name || ' waits: ' || reason, 'session', id, now() FROM session"
                        + " WHERE alliance_id = CAST(?1 AS uuid) AND state = 'RUNNING' AND reason IS NOT NULL"
                        + " UNION ALL SELECT 'WARNING', CASE WHEN count(*) = 1 THEN 'Client ' || min(name) ELSE count(*) || ' clients'"
                        + " END || ' went offline' || coalesce(': ' || reason, ''), CASE WHEN count(*) = 1 THEN 'client' ELSE 'network'"
                        + " END, CASE WHEN count(*) = 1 THEN CAST(min(CAST(id AS text)) AS uuid) END, max(last_seen_at) FROM client"
                        + " WHERE alliance_id = CAST(?1 AS uuid) AND state = 'DETACHED' AND last_seen_at > ?2 GROUP BY reason"
                        + " UNION ALL SELECT 'ERROR', 'Combiner ' || name || ' is silent', 'network', NULL, last_seen_at FROM combiner"
                        + " WHERE last_seen_at < ?3 AND last_seen_at > ?2"
                        + ") c ORDER BY at DESC LIMIT 12",
                row -> new Concern(row.text(0), row.text(1), row.text(2), row.id(3), row.instant(4)),
                alliance,
                clock.instant().minus(DAY).atOffset(ZoneOffset.UTC),
                clock.instant().minusSeconds(20).atOffset(ZoneOffset.UTC));
    }
}
