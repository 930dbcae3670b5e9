package io.foedus.controller.retention.boundary;

import io.foedus.controller.blobs.BlobReferences;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.scrub.boundary.BlobChecks;
import io.foedus.controller.telemetry.boundary.Telemetry;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.models.Digest;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** The steps of throwing away, each one transaction that may be repeated. */
@Stateless
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class Retention {
    private static final Duration KEYS = Duration.ofDays(7);

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    @Inject
    Events events;

    @Inject
    Telemetry telemetry;

    @Inject
    BlobStore blobs;

    @Inject
    BlobChecks checks;

    /** Whether it is due, and this controller is the one to do it. */
    public boolean claim() {
        Instant now = clock.instant();
        return entities.createNativeQuery("UPDATE chore SET due = ?1 WHERE name = 'retention' AND due <= ?2")
                        .setParameter(1, utc(now.plus(config.retention().every())))
                        .setParameter(2, utc(now))
                        .executeUpdate()
                == 1;
    }

    /** Deletes events, samples and idempotency keys that are older than their time. */
    public int expire() {
        int keys = entities.createNativeQuery("DELETE FROM idempotency WHERE created_at < ?1")
                .setParameter(1, utc(clock.instant().minus(KEYS)))
                .executeUpdate();
        return events.expire() + telemetry.expire() + keys;
    }

    /** Gives up partials of rounds that are over, unless their session keeps what its models were made of. */
    public int dropPartials() {
        return entities.createNativeQuery("UPDATE share SET dropped = true FROM round r JOIN session s ON s.id ="
                        + " r.session_id WHERE r.id = share.round_id AND share.partial_digest IS NOT NULL AND NOT"
                        + " share.dropped AND r.phase IN ('COMPLETED', 'FAILED', 'CANCELLED') AND NOT"
                        + " coalesce((s.plan ->> 'keepUpdates')::boolean, false)")
                .executeUpdate();
    }

    /** Gives up what server optimizers remember, but for the model that a session would go on from. */
    public int dropOptimizerStates() {
        return entities.createNativeQuery("UPDATE model SET optimizer_state = NULL FROM session s WHERE s.id ="
                        + " model.session_id AND model.optimizer_state IS NOT NULL AND (s.model_id <> model.id OR"
                        + " s.state IN ('FAILED', 'CANCELLED'))")
                .executeUpdate();
    }

    /** How old a blob must be before it may be collected; bytes come first, rows second. */
    public Instant horizon() {
        return clock.instant().minus(config.retention().blobGrace());
    }

    /**
     * Deletes those of the blobs that no row refers to. Nobody can begin to refer to them meanwhile.
     *
     * @return how many were deleted
     */
    @SuppressWarnings("unchecked")
    public int collect(List<Digest> candidates) {
        BlobReferences.exclude(entities);
        List<String> free = entities.createNativeQuery("SELECT c.value FROM jsonb_array_elements_text(?1) AS c(value)"
                        + " WHERE NOT EXISTS (SELECT 1 FROM model m WHERE m.digest = c.value)"
                        + " AND NOT EXISTS (SELECT 1 FROM model m WHERE m.optimizer_state = c.value)"
                        + " AND NOT EXISTS (SELECT 1 FROM compute_package p WHERE p.digest = c.value)"
                        + " AND NOT EXISTS (SELECT 1 FROM share h WHERE h.partial_digest = c.value AND NOT h.dropped)"
                        + " AND NOT EXISTS (SELECT 1 FROM model_update u JOIN round r ON r.id = u.round_id JOIN session"
                        + " s ON s.id = r.session_id WHERE u.digest = c.value AND u.fate = 'ACCEPTED' AND (r.phase NOT IN"
                        + " ('COMPLETED', 'FAILED', 'CANCELLED') OR coalesce((s.plan ->> 'keepUpdates')::boolean,"
                        + " false)))")
                .setParameter(
                        1,
                        JsonObjectConverter.jsonb(
                                Json.write(candidates.stream().map(Digest::hex).toList())))
                .getResultList();
        try {
            for (String digest : free) {
                blobs.delete(new Digest(digest));
                checks.forget(new Digest(digest));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return free.size();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
