package io.foedus.combiner.uplink.control;

import io.foedus.combiner.liveness.Backoff;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Things to tell the controller that may wait a moment for company: sent in order, in batches of one key, until the
 * controller took them or refused them. Bounded: when the controller is away for long the oldest are forgotten. Safe
 * for many threads.
 *
 * @param <K> what a batch has in common, for example a round
 * @param <T> one thing to tell
 */
public final class Outbox<K, T> {
    private static final Logger LOG = System.getLogger(Outbox.class.getName());
    private static final int MOST = 20_000;
    private static final int BATCH = 200;
    private static final long COMPANY_MILLIS = 25;

    /** How a batch is sent. */
    @FunctionalInterface
    public interface Sender<K, T> {
        void send(K key, List<T> things) throws IOException;
    }

    private record Item<K, T>(K key, T thing) {}

    private final Sender<K, T> sender;
    private final ScheduledExecutorService timer;
    private final Executor executor;
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(20), new Random());
    private final Deque<Item<K, T>> waiting = new ArrayDeque<>();
    private CompletableFuture<Void> drained = CompletableFuture.completedFuture(null);
    private boolean scheduled;
    private @Nullable ScheduledFuture<?> pending;

    public Outbox(Sender<K, T> sender, ScheduledExecutorService timer, Executor executor) {
        this.sender = sender;
        this.timer = timer;
        this.executor = executor;
    }

    public synchronized void add(K key, T thing) {
        if (waiting.size() >= MOST) {
            waiting.removeFirst();
        }
        waiting.addLast(new Item<>(key, thing));
        if (drained.isDone()) {
            drained = new CompletableFuture<>();
        }
        schedule(COMPANY_MILLIS);
    }

    /** Sends what waits without waiting for more; done when all of it has been taken or refused. */
    public synchronized CompletableFuture<Void> drain() {
        if (pending != null && pending.cancel(false)) {
            pending = null;
            executor.execute(this::flush);
        }
        return drained;
    }

    private void schedule(long millis) {
        if (!scheduled) {
            scheduled = true;
            pending = timer.schedule(() -> executor.execute(this::flush), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void flush() {
        List<Item<K, T>> batch = take();
        while (!batch.isEmpty()) {
            try {
                sender.send(batch.get(0).key(), batch.stream().map(Item::thing).toList());
                backoff.recovered();
            } catch (ControllerRefusal refusal) {
                LOG.log(Level.DEBUG, "The controller refused {0} notices: {1}", batch.size(), refusal.getMessage());
            } catch (IOException | RuntimeException e) {
                putBack(batch);
                return;
            }
            batch = take();
        }
    }

    private synchronized List<Item<K, T>> take() {
        List<Item<K, T>> batch = new ArrayList<>();
        while (!waiting.isEmpty()
                && batch.size() < BATCH
                && (batch.isEmpty()
                        || Objects.equals(batch.get(0).key(), waiting.getFirst().key()))) {
            batch.add(waiting.removeFirst());
        }
        if (batch.isEmpty()) {
            scheduled = false;
            drained.complete(null);
        }
        return batch;
    }

    private synchronized void putBack(List<Item<K, T>> batch) {
        for (int i = batch.size() - 1; i >= 0; i--) {
            waiting.addFirst(batch.get(i));
        }
        scheduled = false;
        schedule(backoff.next().toMillis());
    }
}
