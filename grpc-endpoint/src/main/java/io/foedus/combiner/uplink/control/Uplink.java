package io.foedus.combiner.uplink.control;

import io.foedus.core.exchange.Heartbeat;
import io.foedus.core.exchange.Introduction;
import io.foedus.core.exchange.Membership;
import io.foedus.core.exchange.Orders;
import io.foedus.core.liveness.Backoff;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the combiner a member: registers, holds one heartbeat open after the other, registers again when the controller
 * says that the epoch is over. One thread of its own, for the whole life of the combiner.
 */
public final class Uplink implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Uplink.class.getName());
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration SLOWEST_RETRY = Duration.ofSeconds(15);

    /** A call that needs to know who is calling. */
    @FunctionalInterface
    public interface Call<T> {
        T by(Membership me) throws IOException;
    }

    /** What to tell in a heartbeat, given the revision seen last. */
    @FunctionalInterface
    public interface Pulse {
        Heartbeat feel(Membership me, long seen);
    }

    private final Controller controller;
    private final Registrar registrar;
    private final Supplier<Introduction> self;
    private final Pulse pulse;
    private final Consumer<Membership> registered;
    private final Consumer<Orders> listener;
    private final Clock clock;
    private final Backoff backoff = new Backoff(FIRST_RETRY, SLOWEST_RETRY, new Random());
    private final Thread thread = new Thread(this::run, "foedus-uplink");
    private volatile @Nullable Membership membership;
    private volatile @Nullable Instant heard;
    private volatile boolean closed;
    private volatile boolean outdated;

    /**
     * @param self asked at each registration, when the port is known
     * @param pulse what to tell in a heartbeat, given the revision seen last
     * @param registered told of each registration, on the uplink's thread
     * @param listener told of each answer, on the uplink's thread; must not block for long
     */
    public Uplink(
            Controller controller,
            Registrar registrar,
            Supplier<Introduction> self,
            Pulse pulse,
            Consumer<Membership> registered,
            Consumer<Orders> listener,
            Clock clock) {
        this.controller = controller;
        this.registrar = registrar;
        this.self = self;
        this.pulse = pulse;
        this.registered = registered;
        this.listener = listener;
        this.clock = clock;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Makes a call under the present membership; a refusal because of the epoch leads to a new registration. */
    public <T> T call(Call<T> call) throws IOException {
        Membership me = membership;
        if (me == null) {
            throw new IOException("not registered at the controller yet");
        }
        try {
            return call.by(me);
        } catch (ControllerRefusal refusal) {
            if (refusal.code().equals("EPOCH_OUTDATED") && me.equals(membership)) {
                outdated = true;
            }
            throw refusal;
        }
    }

    public Controller controller() {
        return controller;
    }

    public Optional<Membership> membership() {
        return Optional.ofNullable(membership);
    }

    /** Whether the controller answered within the last three heartbeats. */
    public boolean alive() {
        Membership me = membership;
        Instant last = heard;
        return me != null
                && last != null
                && clock.instant().isBefore(last.plusSeconds(Math.max(3L * me.heartbeatSeconds(), 15)));
    }

    private void run() {
        long seen = -1;
        while (!closed) {
            try {
                Membership me = membership;
                if (me == null || outdated) {
                    me = registrar.register(self.get());
                    outdated = false;
                    seen = -1;
                    membership = me;
                    registered.accept(me);
                    LOG.log(Level.INFO, "Registered at the controller as {0}.", me);
                }
                Orders news = controller.heartbeat(me, pulse.feel(me, seen));
                heard = clock.instant();
                if (backoff.recovered()) {
                    LOG.log(Level.INFO, "The controller is back.");
                }
                seen = news.revision();
                listener.accept(news);
            } catch (ControllerRefusal refusal) {
                outdated = true;
                lost(refusal, refusal.status() != 410);
            } catch (IOException | RuntimeException e) {
                lost(e, true);
            }
        }
    }

    private void lost(Exception e, boolean worthALine) {
        if (closed) {
            return;
        }
        if (worthALine && backoff.fresh()) {
            LOG.log(Level.WARNING, "Cannot work with the controller, trying again: {0}", e.toString());
        }
        try {
            Thread.sleep(backoff.next().toMillis());
        } catch (InterruptedException interrupted) {
            closed = true;
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the loop; a held heartbeat is let go. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
