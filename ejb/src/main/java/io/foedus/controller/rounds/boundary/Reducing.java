package io.foedus.controller.rounds.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.rounds.control.HeldClaim;
import io.foedus.controller.rounds.control.Reduced;
import io.foedus.controller.rounds.control.Reducer;
import io.foedus.controller.rounds.control.Reduction;
import io.foedus.controller.rounds.control.Work;
import io.foedus.controller.scrub.boundary.Scrub;
import io.foedus.core.aggregation.FoldException;
import io.foedus.core.blobs.BlobMissingException;
import io.foedus.core.models.MalformedModelException;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** Moves a session until there is nothing to do for now, merging outside of transactions. Blocks while it merges. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Reducing {
    private static final System.Logger LOG = System.getLogger(Reducing.class.getName());
    private static final int BEATS_PER_CLAIM = 3;

    @Resource
    ManagedScheduledExecutorService timer;

    @Inject
    RoundEngine engine;

    @Inject
    Reducer reducer;

    @Inject
    Scrub scrub;

    @Inject
    ControllerConfig config;

    /** Advances the session, and does what it comes to, round after round while they need nobody else. */
    public void look(UUID session) {
        Optional<Work> next = engine.advance(session);
        while (next.isPresent()) {
            if (next.get() instanceof Reduction reduction) {
                next = reduce(reduction);
            } else if (next.get() instanceof Work.Inspection inspection) {
                scrub.check(inspection.blobs());
                next = engine.advance(session);
            }
        }
    }

    private Optional<Work> reduce(Reduction reduction) {
        try (HeldClaim claim = HeldClaim.hold(
                () -> engine.renew(reduction), timer, config.reduce().claim().dividedBy(BEATS_PER_CLAIM))) {
            try {
                Reduced reduced = reducer.run(reduction, claim);
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "merged round={0} pieces={1} foldMillis={2}",
                        reduction.round(),
                        reduction.pieces().size(),
                        reduced.foldMillis());
                return engine.commit(reduction, reduced);
            } catch (Throwable e) {
                if (claim.isHung()) {
                    Thread.interrupted(); // the database is asked next
                    engine.stumble(reduction, "the merge did not move any more");
                } else if (claim.isLost()) {
                    LOG.log(System.Logger.Level.INFO, "round={0} is merged by somebody else now", reduction.round());
                } else {
                    settle(reduction, e);
                }
                return Optional.empty();
            }
        }
    }

    /**
     * What cannot be merged fails its round, at once or, where nobody foresaw it, when it has gone wrong often enough.
     */
    private void settle(Reduction reduction, Throwable trouble) {
        Throwable cause = trouble instanceof EJBException && trouble.getCause() != null ? trouble.getCause() : trouble;
        if (cause instanceof FoldException
                || cause instanceof MalformedModelException
                || cause instanceof BlobMissingException) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "round=" + reduction.round() + " cannot be merged: " + cause.getMessage());
            engine.fail(reduction, String.valueOf(cause.getMessage()));
        } else if (cause instanceof IOException) {
            LOG.log(System.Logger.Level.ERROR, "round=" + reduction.round() + " was not merged here", trouble);
            engine.giveBack(reduction, String.valueOf(cause.getMessage()));
        } else {
            LOG.log(System.Logger.Level.ERROR, "round=" + reduction.round() + " was not merged here", trouble);
            engine.stumble(reduction, cause.toString());
        }
    }
}
