package io.foedus.controller.rounds.control;

import io.foedus.controller.models.entity.Model;
import io.foedus.controller.packages.entity.ComputePackage;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.scrub.boundary.BlobChecks;
import io.foedus.controller.scrub.entity.BlobCheck;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.models.Digest;
import io.foedus.core.round.RoundPhase;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a round hands out to clients, its base model and the package: whether the store is known to have it as it was.
 * Otherwise clients fail at what they cannot get, and are blamed for it.
 */
@Dependent
class Supplies {
    /** How long ago a supply may have been looked at, at most: longer than opening takes after the look. */
    private static final Duration MODEL = Duration.ofMinutes(1);

    private static final Duration PACKAGE = Duration.ofHours(1);

    /** Somebody may have put it back. */
    private static final Duration UNSOUND = Duration.ofSeconds(3);

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    BlobChecks checks;

    private record Supply(String name, Digest digest, Instant storedAt, Duration trust) {}

    /**
     * Which of a session's supplies nobody has looked at lately, or since a round failed.
     *
     * @param last the session's round before, or null
     */
    List<Digest> doubtful(Session session, Round last) {
        Instant ended = last != null && last.phase() == RoundPhase.FAILED ? last.finishedAt() : Instant.MIN;
        Instant failed = ended.isAfter(clock.instant()) ? Instant.MIN : ended; // the clock was set back
        return of(session)
                .filter(supply -> isDoubtful(supply, failed))
                .map(Supply::digest)
                .toList();
    }

    private boolean isDoubtful(Supply supply, Instant failed) {
        Optional<BlobCheck> check = checks.of(supply.digest());
        boolean unsound = check.filter(seen -> !seen.isSound()).isPresent();
        Instant seen = check.map(BlobCheck::checkedAt)
                .filter(at -> unsound || at.isAfter(supply.storedAt()))
                .orElse(supply.storedAt());
        return seen.isBefore(failed) || seen.isBefore(clock.instant().minus(unsound ? UNSOUND : supply.trust()));
    }

    /** Why no round can begin: a sentence that names what is not as it was, and the remedy. */
    Optional<String> damage(Session session) {
        return of(session)
                .flatMap(supply -> checks
                        .of(supply.digest())
                        .filter(check -> !check.isSound())
                        .map(check ->
                                supply.name() + " " + check.soundness().words() + BlobChecks.remedy(supply.digest()))
                        .stream())
                .findFirst();
    }

    private Stream<Supply> of(Session session) {
        Model base = entities.find(Model.class, session.modelId());
        Supply model = new Supply("model " + base.label(), new Digest(base.digest()), base.createdAt(), MODEL);
        if (session.packageId() == null) {
            return Stream.of(model);
        }
        ComputePackage program = entities.find(ComputePackage.class, session.packageId());
        return Stream.of(
                model,
                new Supply("package " + program.name(), new Digest(program.digest()), program.createdAt(), PACKAGE));
    }
}
