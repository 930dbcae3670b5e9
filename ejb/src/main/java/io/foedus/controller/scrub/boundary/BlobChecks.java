package io.foedus.controller.scrub.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.events.entity.Event.About;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.persistence.Sql;
import io.foedus.controller.scrub.entity.BlobCheck;
import io.foedus.core.blobs.Soundness;
import io.foedus.core.exchange.Severity;
import io.foedus.core.models.Digest;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What is known of the soundness of blobs: which are due to be read again, and what was found. */
@Stateless
public class BlobChecks {
    /** Somebody may be mending what is not sound: it is looked at more often. */
    private static final Duration UNSOUND_AGAIN = Duration.ofMinutes(10);

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    @Inject
    Events events;

    @Inject
    News news;

    /** Whether the next stretch of scrubbing is due, and this controller is the one to do it. */
    @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
    public boolean claim(Duration every) {
        Instant now = clock.instant();
        return Sql.of(entities, "UPDATE chore SET due = :next WHERE name = 'scrub' AND due <= :now")
                        .with("next", now.plus(every))
                        .with("now", now)
                        .run()
                == 1;
    }

    /** Blobs of models, of what optimizers remember, and of packages that nobody has read for long; longest first. */
    public List<Digest> due(int most) {
        Instant now = clock.instant();
        return Sql.of(entities, """
                        SELECT b.digest, c.checked_at
                        FROM (SELECT digest FROM model
                              UNION SELECT optimizer_state FROM model WHERE optimizer_state IS NOT NULL
                              UNION SELECT digest FROM compute_package) b
                        LEFT JOIN blob_check c ON c.digest = b.digest
                        WHERE c.checked_at IS NULL OR c.checked_at < :long
                          OR (c.soundness <> 'SOUND' AND c.checked_at < :lately)
                        ORDER BY c.checked_at NULLS FIRST, b.digest
                        LIMIT :most
                        """)
                .with("long", now.minus(config.retention().scrub()))
                .with("lately", now.minus(UNSOUND_AGAIN))
                .with("most", most)
                .list(row -> new Digest(row.text(0)));
    }

    public Optional<BlobCheck> of(Digest digest) {
        return Optional.ofNullable(entities.find(BlobCheck.class, digest.hex()));
    }

    /** Whether the last look at a blob found it unfit to be given to anybody. */
    public boolean isUnsound(Digest digest) {
        return of(digest).filter(check -> !check.isSound()).isPresent();
    }

    /**
     * Writes down what was found, and tells the alliances that the blob belongs to if it is another than before.
     *
     * @param begun when it was begun to be read; what was written down since is newer and stays
     */
    @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
    public void found(Digest digest, Soundness soundness, Instant begun) {
        boolean newer = Optional.ofNullable(
                        entities.find(BlobCheck.class, digest.hex(), LockModeType.PESSIMISTIC_WRITE))
                .filter(check -> check.checkedAt().isAfter(begun))
                .isPresent();
        if (!newer) {
            note(digest, soundness);
        }
    }

    /** Its content has just been stored, as part of the caller's transaction: whatever was wrong with it is mended. */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public void stored(Digest digest) {
        note(digest, Soundness.SOUND);
    }

    /** Nobody refers to the blob any more. */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public void forget(Digest digest) {
        of(digest).ifPresent(entities::remove);
    }

    private void note(Digest digest, Soundness soundness) {
        Soundness before = of(digest).map(BlobCheck::soundness).orElse(Soundness.SOUND);
        Sql.of(entities, """
                        INSERT INTO blob_check (digest, soundness, checked_at) VALUES (:digest, :soundness, :now)
                        ON CONFLICT (digest) DO UPDATE SET soundness = excluded.soundness, checked_at = excluded.checked_at
                        """)
                .with("digest", digest.hex())
                .with("soundness", soundness)
                .with("now", clock.instant())
                .run();
        if (soundness != before) {
            owners(digest).forEach(owner -> tell(owner, digest, soundness));
        }
    }

    private record Owner(UUID alliance, String kind, String name) {}

    private List<Owner> owners(Digest digest) {
        return Sql.of(entities, """
                        SELECT alliance_id, 'model', coalesce(nullif(name, ''), CAST(id AS text)) FROM model
                        WHERE digest = :digest
                        UNION ALL
                        SELECT alliance_id, 'optimizer state of model', coalesce(nullif(name, ''), CAST(id AS text))
                        FROM model WHERE optimizer_state = :digest
                        UNION ALL
                        SELECT alliance_id, 'package', name FROM compute_package WHERE digest = :digest
                        """)
                .with("digest", digest.hex())
                .list(row -> new Owner(row.id(0), row.text(1), row.text(2)));
    }

    private void tell(Owner owner, Digest digest, Soundness soundness) {
        boolean sound = soundness == Soundness.SOUND;
        String topic = owner.kind().equals("package") ? "package" : "model";
        events.add(
                sound ? Severity.INFO : Severity.ERROR,
                topic + (sound ? ".restored" : ".damaged"),
                owner.kind() + " " + owner.name() + " " + soundness.words() + (sound ? " again" : remedy(digest)),
                About.alliance(owner.alliance()),
                Map.of("digest", digest.hex(), "soundness", soundness.name()));
        news.tell(Topic.MODELS, owner.alliance());
    }

    /** What a person can do about a blob that is not sound. */
    public static String remedy(Digest digest) {
        return "; put the same bytes back from a backup, by uploading them again or as the file blobs/"
                + digest.hex().substring(0, 2) + "/" + digest.hex() + " of the store";
    }
}
