package io.foedus.controller.retention.boundary;

import io.foedus.controller.blobs.BlobReferences;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.persistence.Sql;
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
        return Sql.of(entities, "UPDATE chore SET due = :next WHERE name = 'retention' AND due <= :now")
                        .with("next", now.plus(config.retention().every()))
                        .with("now", now)
                        .run()
                == 1;
    }

    /** Deletes events, samples and idempotency keys that are older than their time. */
    public int expire() {
        return events.expire() + telemetry.expire() + expireKeys();
    }

    private int expireKeys() {
        return Sql.of(entities, "DELETE FROM idempotency WHERE created_at < :horizon")
                .with("horizon", clock.instant().minus(KEYS))
                .run();
    }

    /** Gives up partials of rounds that are over, unless their session keeps what its models were made of. */
    public int dropPartials() {
        return Sql.of(entities, """
                        UPDATE share SET dropped = true
                        FROM round r JOIN session s ON s.id = r.session_id
                        WHERE r.id = share.round_id AND share.partial_digest IS NOT NULL AND NOT share.dropped
                          AND r.phase IN ('COMPLETED', 'FAILED', 'CANCELLED')
                          AND NOT coalesce(CAST(s.plan ->> 'keepUpdates' AS boolean), false)
                        """).run();
    }

    /** Gives up what server optimizers remember, but for the model that a session would go on from. */
    public int dropOptimizerStates() {
        return Sql.of(entities, """
                        UPDATE model SET optimizer_state = NULL
                        FROM session s
                        WHERE s.id = model.session_id AND model.optimizer_state IS NOT NULL
                          AND (s.model_id <> model.id OR s.state IN ('FAILED', 'CANCELLED'))
                        """).run();
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
    public int collect(List<Digest> candidates) {
        BlobReferences.exclude(entities);
        List<Digest> free = unreferenced(candidates);
        try {
            for (Digest digest : free) {
                blobs.delete(digest);
                checks.forget(digest);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return free.size();
    }

    private List<Digest> unreferenced(List<Digest> candidates) {
        return Sql.of(entities, """
                        SELECT c.value FROM jsonb_array_elements_text(:candidates) AS c(value)
                        WHERE NOT EXISTS (SELECT 1 FROM model m WHERE m.digest = c.value)
                          AND NOT EXISTS (SELECT 1 FROM model m WHERE m.optimizer_state = c.value)
                          AND NOT EXISTS (SELECT 1 FROM compute_package p WHERE p.digest = c.value)
                          AND NOT EXISTS (SELECT 1 FROM share h WHERE h.partial_digest = c.value AND NOT h.dropped)
                          AND NOT EXISTS (SELECT 1 FROM model_update u
                            JOIN round r ON r.id = u.round_id JOIN session s ON s.id = r.session_id
                            WHERE u.digest = c.value AND u.fate = 'ACCEPTED'
                              AND (r.phase NOT IN ('COMPLETED', 'FAILED', 'CANCELLED')
                                OR coalesce(CAST(s.plan ->> 'keepUpdates' AS boolean), false)))
                        """)
                .withJson("candidates", candidates.stream().map(Digest::hex).toList())
                .list(row -> new Digest(row.text(0)));
    }
}
