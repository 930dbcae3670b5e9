package io.foedus.controller.rounds.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.rounds.control.Reduced;
import io.foedus.controller.rounds.control.Reducer;
import io.foedus.controller.rounds.control.Reduction;
import io.foedus.core.aggregation.FoldException;
import io.foedus.core.blobs.BlobMissingException;
import io.foedus.core.models.MalformedModelException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** Moves a session until there is nothing to do for now, merging outside of transactions. Blocks while it merges. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Reducing {
    private static final System.Logger LOG = System.getLogger(Reducing.class.getName());

    @Inject
    RoundEngine engine;

    @Inject
    Reducer reducer;

    @Inject
    ControllerConfig config;

    @Inject
    Clock clock;

    /** Advances the session, and reduces what it comes to, round after round while they need nobody else. */
    public void look(UUID session) {
        Optional<Reduction> next = engine.advance(session);
        while (next.isPresent()) {
            next = reduce(next.get());
        }
    }

    private Optional<Reduction> reduce(Reduction reduction) {
        try {
            Reduced reduced = reducer.run(reduction, renewal(reduction));
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "merged round={0} pieces={1} foldMillis={2}",
                    reduction.round(),
                    reduction.pieces().size(),
                    reduced.foldMillis());
            return engine.commit(reduction, reduced);
        } catch (FoldException | MalformedModelException | BlobMissingException e) {
            LOG.log(System.Logger.Level.WARNING, "round=" + reduction.round() + " cannot be merged: " + e.getMessage());
            engine.fail(reduction, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "round=" + reduction.round() + " was not merged here", e);
            engine.giveBack(reduction);
        }
        return Optional.empty();
    }

    /** Renews the claim when a third of its life has passed, driven by progress: a fold that hangs loses its claim. */
    private Runnable renewal(Reduction reduction) {
        AtomicReference<Instant> renewed = new AtomicReference<>(clock.instant());
        return () -> {
            Instant last = renewed.get();
            Instant now = clock.instant();
            if (last.plus(config.reduce().claim().dividedBy(3)).isBefore(now) && renewed.compareAndSet(last, now)) {
                engine.renew(reduction);
            }
        };
    }
}
