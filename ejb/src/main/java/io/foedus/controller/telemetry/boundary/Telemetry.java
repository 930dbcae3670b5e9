package io.foedus.controller.telemetry.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.persistence.Sql;
import io.foedus.controller.telemetry.entity.Source;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Keeps samples and gives them back thinned out to what a chart can show. */
@Stateless
public class Telemetry {
    private static final Duration CLOSEST = Duration.ofSeconds(10);

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    /** Keeps a sample in the caller's transaction, unless the source sent one within the last ten seconds. */
    @TransactionAttribute(TransactionAttributeType.REQUIRED)
    public void add(Source source, String sourceId, Map<String, Object> values) {
        if (values == null || values.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        Sql.of(entities, """
                        INSERT INTO telemetry (at, source, source_id, samples)
                        SELECT :now, :source, :sourceId, :samples
                        WHERE NOT EXISTS (SELECT 1 FROM telemetry
                          WHERE source = :source AND source_id = :sourceId AND at > :closest)
                        """)
                .with("now", now)
                .with("source", source)
                .with("sourceId", sourceId)
                .withJson("samples", values)
                .with("closest", now.minus(CLOSEST))
                .run();
    }

    /** Keeps samples of many clients at once, by client id. */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public void addOfClients(Map<UUID, Map<String, Object>> samples) {
        if (samples.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        Sql.of(entities, """
                        INSERT INTO telemetry (at, source, source_id, samples)
                        SELECT :now, 'CLIENT', s.key, s.value FROM jsonb_each(:samples) AS s
                        WHERE NOT EXISTS (SELECT 1 FROM telemetry t
                          WHERE t.source = 'CLIENT' AND t.source_id = s.key AND t.at > :closest)
                        """)
                .with("now", now)
                .withJson("samples", samples)
                .with("closest", now.minus(CLOSEST))
                .run();
    }

    /** Samples since a moment, oldest first, evenly thinned to at most {@code points}. */
    public List<Sample> series(Source source, String sourceId, Instant since, int points) {
        return Sql.of(entities, """
                        SELECT DISTINCT ON (bucket) at, samples
                        FROM (SELECT at, samples, ntile(:points) OVER (ORDER BY at) AS bucket FROM telemetry
                              WHERE source = :source AND source_id = :sourceId AND at >= :since) AS s
                        ORDER BY bucket, at DESC
                        """)
                .with("source", source)
                .with("sourceId", sourceId)
                .with("since", since)
                .with("points", Math.max(1, points))
                .list(row -> new Sample(row.instant(0), row.object(1)));
    }

    /** Deletes what is older than its retention. */
    public int expire() {
        return Sql.of(entities, "DELETE FROM telemetry WHERE at < :horizon")
                .with("horizon", clock.instant().minus(config.retention().telemetry()))
                .run();
    }
}
