package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.insight.control.MetricNames;
import io.foedus.controller.insight.control.Sight;
import io.foedus.controller.insight.entity.MetricName;
import io.foedus.controller.persistence.Sql;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The state of an alliance at a glance. */
@Stateless
public class AllianceInsight {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SILENT = Duration.ofSeconds(20);

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
        return Sql.of(entities, """
                        SELECT
                          (SELECT count(*) FROM session WHERE alliance_id = :alliance AND state IN ('RUNNING', 'PAUSED')),
                          (SELECT count(*) FROM round r JOIN session s ON s.id = r.session_id
                            WHERE s.alliance_id = :alliance AND r.phase = 'COMPLETED' AND r.finished_at > :since),
                          (SELECT count(*) FROM round r JOIN session s ON s.id = r.session_id
                            WHERE s.alliance_id = :alliance AND r.phase = 'FAILED' AND r.finished_at > :since),
                          (SELECT count(*) FROM model_update u JOIN client c ON c.id = u.client_id
                            WHERE c.alliance_id = :alliance AND u.fate = 'ACCEPTED' AND u.received_at > :since),
                          (SELECT count(*) FROM model_update u JOIN client c ON c.id = u.client_id
                            WHERE c.alliance_id = :alliance AND u.fate = 'REJECTED' AND u.received_at > :since),
                          (SELECT count(*) FROM model WHERE alliance_id = :alliance),
                          (SELECT coalesce(sum(size), 0) FROM model WHERE alliance_id = :alliance),
                          EXISTS (SELECT 1 FROM compute_package WHERE alliance_id = :alliance AND active),
                          EXISTS (SELECT 1 FROM model WHERE alliance_id = :alliance),
                          EXISTS (SELECT 1 FROM client WHERE alliance_id = :alliance),
                          EXISTS (SELECT 1 FROM session WHERE alliance_id = :alliance)
                        """)
                .with("alliance", alliance)
                .with("since", clock.instant().minus(DAY))
                .only(row -> new Glance(
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
                        row.yes(10)));
    }

    /** Metrics that clients reported lately in the alliance, in order of the alphabet. */
    public List<MetricName> metrics(Actor actor, UUID alliance) {
        sight.ofAlliance(actor, alliance);
        return MetricNames.ofAlliance(entities, alliance);
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
        return Sql.of(entities, """
                        SELECT * FROM (
                          SELECT 'ERROR' AS severity, 'Session ' || name || ' failed' || coalesce(': ' || reason, '') AS what,
                            'session' AS page, id, finished_at AS at
                          FROM session WHERE alliance_id = :alliance AND state = 'FAILED' AND finished_at > :since
                          UNION ALL
                          SELECT 'WARNING', 'Round ' || r.number || ' of ' || s.name || ' failed'
                            || coalesce(': ' || r.reason, ''), 'session', s.id, r.finished_at
                          FROM round r JOIN session s ON s.id = r.session_id
                          WHERE s.alliance_id = :alliance AND r.phase = 'FAILED' AND r.finished_at > :since
                          UNION ALL
                          SELECT 'WARNING', 'Session ' || name || ' waits: ' || reason, 'session', id, now()
                          FROM session WHERE alliance_id = :alliance AND state = 'RUNNING' AND reason IS NOT NULL
                          UNION ALL
                          SELECT 'WARNING', CASE WHEN count(*) = 1 THEN 'Client ' || min(name) ELSE count(*) || ' clients' END
                            || ' went offline' || coalesce(': ' || reason, ''),
                            CASE WHEN count(*) = 1 THEN 'client' ELSE 'network' END,
                            CASE WHEN count(*) = 1 THEN CAST(min(CAST(id AS text)) AS uuid) END, max(last_seen_at)
                          FROM client WHERE alliance_id = :alliance AND state = 'DETACHED' AND last_seen_at > :since
                          GROUP BY reason
                          UNION ALL
                          SELECT 'ERROR', 'Combiner ' || name || ' is silent', 'network', NULL, last_seen_at
                          FROM combiner WHERE last_seen_at < :heard AND last_seen_at > :since) c
                        ORDER BY at DESC LIMIT 12
                        """)
                .with("alliance", alliance)
                .with("since", clock.instant().minus(DAY))
                .with("heard", clock.instant().minus(SILENT))
                .list(row -> new Concern(row.text(0), row.text(1), row.text(2), row.id(3), row.instant(4)));
    }
}
