package io.foedus.controller.telemetry.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.telemetry.entity.Source;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
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
        entities.createNativeQuery("INSERT INTO telemetry (at, source, source_id, samples) SELECT ?1, ?2, ?3, ?4"
                        + " WHERE NOT EXISTS (SELECT 1 FROM telemetry WHERE source = ?2 AND source_id = ?3"
                        + " AND at > ?5)")
                .setParameter(1, now.atOffset(ZoneOffset.UTC))
                .setParameter(2, source.name())
                .setParameter(3, sourceId)
                .setParameter(4, JsonObjectConverter.jsonb(Json.write(values)))
                .setParameter(5, now.minus(CLOSEST).atOffset(ZoneOffset.UTC))
                .executeUpdate();
    }

    /** Keeps samples of many clients at once, by client id. */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public void addOfClients(Map<UUID, Map<String, Object>> samples) {
        if (samples.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        entities.createNativeQuery("INSERT INTO telemetry (at, source, source_id, samples)"
                        + " SELECT ?1, 'CLIENT', s.key, s.value FROM jsonb_each(?2) AS s WHERE NOT EXISTS (SELECT 1"
                        + " FROM telemetry t WHERE t.source = 'CLIENT' AND t.source_id = s.key AND t.at > ?3)")
                .setParameter(1, now.atOffset(ZoneOffset.UTC))
                .setParameter(2, JsonObjectConverter.jsonb(Json.write(samples)))
                .setParameter(3, now.minus(CLOSEST).atOffset(ZoneOffset.UTC))
                .executeUpdate();
    }

    /** Samples since a moment, oldest first, evenly thinned to at most {@code points}. */
    @SuppressWarnings("unchecked")
    public List<Sample> series(Source source, String sourceId, Instant since, int points) {
        List<Object[]> rows = entities.createNativeQuery(
                        "SELECT DISTINCT ON (bucket) at, samples FROM (SELECT at, samples,"
                                + " ntile(?4) OVER (ORDER BY at) AS bucket FROM telemetry WHERE source = ?1 AND source_id = ?2"
                                + " AND at >= ?3) AS s ORDER BY bucket, at DESC")
                .setParameter(1, source.name())
                .setParameter(2, sourceId)
                .setParameter(3, since.atOffset(ZoneOffset.UTC))
                .setParameter(4, Math.max(1, points))
                .getResultList();
        return rows.stream()
                .map(row -> new Sample(InstantConverter.of(row[0]), Json.object(JsonObjectConverter.text(row[1]))))
                .toList();
    }

    /** Deletes what is older than its retention. */
    public int expire() {
        return entities.createNativeQuery("DELETE FROM telemetry WHERE at < ?1")
                .setParameter(
                        1, clock.instant().minus(config.retention().telemetry()).atOffset(ZoneOffset.UTC))
                .executeUpdate();
    }
}
