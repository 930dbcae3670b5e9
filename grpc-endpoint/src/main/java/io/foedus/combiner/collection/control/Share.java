package io.foedus.combiner.collection.control;

import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Phase;
import io.foedus.combiner.liveness.Backoff;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * What the steps of a collection have in common. Used on the collection's serial executor; {@link #order},
 * {@link #phase}, {@link #base} and the participants may be read by any thread.
 */
final class Share {
    private static final Logger LOG = System.getLogger(Share.class.getName());

    private final Station station;
    private final SerialExecutor serial;
    private final ShareSpool spool;
    private final Participants participants = new Participants();
    private final CompletableFuture<Examination> base = new CompletableFuture<>();
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), new Random());
    private final List<Digest> held = new ArrayList<>();
    private final Instant received;
    private final Instant begun;
    private volatile Order order;
    private volatile Phase phase = Phase.OPENING;

    /** @throws IOException if the share's directory cannot be made or its journal not read */
    Share(Station station, Order order) throws IOException {
        this.station = station;
        this.order = order;
        this.serial = new SerialExecutor(station.workers());
        this.spool = new ShareSpool(station.spool().share(order.key()));
        this.received = station.now();
        this.begun = received.plusMillis(order.remainingMillis())
                .minusMillis(order.policy().maxWaitMillis());
    }

    Station station() {
        return station;
    }

    SerialExecutor serial() {
        return serial;
    }

    ShareSpool spool() {
        return spool;
    }

    Participants participants() {
        return participants;
    }

    /** Done when the base model is here and its layout is known. */
    CompletableFuture<Examination> base() {
        return base;
    }

    /** Between attempts at what the controller has to answer. */
    Backoff backoff() {
        return backoff;
    }

    /** When its order came. */
    Instant received() {
        return received;
    }

    Order order() {
        return order;
    }

    void adopt(Order fresh) {
        order = fresh;
    }

    Phase phase() {
        return phase;
    }

    void to(Phase next) {
        phase = phase.to(next);
    }

    /** Whether clients that are not done when it closes work on for a later round. */
    boolean carriesOver() {
        return order.kind() == TaskKind.TRAIN && order.buffered();
    }

    /** Since the round began, wherever it did. */
    Duration elapsed() {
        return Duration.between(begun, station.now());
    }

    /** Until the round's deadline, not negative. */
    Duration remaining() {
        Duration left = Duration.ofMillis(order.policy().maxWaitMillis()).minus(elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Makes facts durable; a disk that cannot is a matter for the log: nothing that counts is told this way. */
    void note(List<Fact> facts) {
        try {
            spool.write(facts);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot write the journal of a share: {0} round={1}", e.toString(), order.key());
        }
    }

    /** Keeps a model in the cache for as long as the share lives. */
    void hold(String digest) {
        Digest model = new Digest(digest);
        station.models().hold(model);
        held.add(model);
    }

    /** The end: nothing of it is needed any more. */
    void remove() {
        held.forEach(station.models()::release);
        held.clear();
        try {
            spool.remove();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot remove a share: {0} round={1}", e.toString(), order.key());
        }
    }
}
