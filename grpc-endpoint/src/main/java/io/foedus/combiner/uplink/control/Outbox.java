package io.foedus.combiner.uplink.control;

import io.foedus.core.liveness.Backoff;
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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Things to tell the controller that may wait a moment for company: sent in order, in batches of one key, until the
 * controller took them or refused them. A batch whose content is refused is halved until the one thing is found that
 * cannot be told; that one is dropped, aloud and by name, and the others go. So is one at which the controller fails
 * again and again; a controller that is away or busy is waited for without an end. Bounded in number and size: when the
 * controller is away for long the oldest are forgotten, aloud. Safe for many threads.
 *
 * @param <K> what a batch has in common, for example a round
 * @param <T> one thing to tell
 */
public final class Outbox<K, T> {
    private static final Logger LOG = System.getLogger(Outbox.class.getName());
    private static final int MOST = 20_000;
    private static final long MOST_CHARACTERS = 32L << 20;
    private static final int BATCH = 200;
    private static final long COMPANY_MILLIS = 25;
    /** How often the controller may fail at a batch, one time after the other, before the batch is to blame. */
    private static final int FAILURES = 4;

    /** How a batch is sent. */
    @FunctionalInterface
    public interface Sender<K, T> {
        void send(K key, List<T> things) throws IOException;
    }

    private record Item<K, T>(K key, T thing) {}

    private final String name;
    private final Sender<K, T> sender;
    private final ToLongFunction<T> length;
    private final Function<T, String> called;
    private final Consumer<String> lost;
    private final ScheduledExecutorService timer;
    private final Executor executor;
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(20), new Random());
    private final Deque<Item<K, T>> waiting = new ArrayDeque<>();
    private CompletableFuture<Void> drained = CompletableFuture.completedFuture(null);
    private long characters;
    private int batch = BATCH;
    private int failures;
    private boolean searching;
    private long forgotten;
    private boolean full;
    private boolean scheduled;
    private @Nullable ScheduledFuture<?> pending;

    /**
     * An empty outbox.
     *
     * @param name what it holds, for people
     * @param length about how many characters a thing has
     * @param called what people know a thing by
     * @param lost hears a sentence when something will never be told
     */
    public Outbox(
            String name,
            Sender<K, T> sender,
            ToLongFunction<T> length,
            Function<T, String> called,
            Consumer<String> lost,
            ScheduledExecutorService timer,
            Executor executor) {
        this.name = name;
        this.sender = sender;
        this.length = length;
        this.called = called;
        this.lost = lost;
        this.timer = timer;
        this.executor = executor;
    }

    public void add(K key, T thing) {
        if (put(new Item<>(key, thing))) {
            String said = "the controller has been away for so long that the oldest " + name + " are forgotten";
            LOG.log(Level.WARNING, "{0}", said);
            lost.accept(said);
        }
    }

    /** Answers whether the first is forgotten since it was empty. */
    private synchronized boolean put(Item<K, T> item) {
        waiting.addLast(item);
        characters += length.applyAsLong(item.thing());
        boolean first = false;
        while (waiting.size() > MOST || (characters > MOST_CHARACTERS && waiting.size() > 1)) {
            characters -= length.applyAsLong(waiting.removeFirst().thing());
            forgotten++;
            first |= !full;
            full = true;
        }
        if (drained.isDone()) {
            drained = new CompletableFuture<>();
        }
        schedule(COMPANY_MILLIS);
        return first;
    }

    /** How many things wait. */
    public synchronized int size() {
        return waiting.size();
    }

    /** How many things have never been told since the start. */
    public synchronized long forgotten() {
        return forgotten;
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
        List<Item<K, T>> things = take();
        while (!things.isEmpty()) {
            try {
                sender.send(
                        things.get(0).key(), things.stream().map(Item::thing).toList());
                taken();
            } catch (ControllerRefusal refusal) {
                refused(things, refusal, refusal.ofContent());
            } catch (ControllerFailure failure) {
                if (isToBlame(things.size())) {
                    refused(things, failure, true);
                } else {
                    putBack(things);
                    later();
                    return;
                }
            } catch (IOException e) {
                putBack(things);
                later();
                return;
            } catch (RuntimeException e) {
                refused(things, e, true); // it cannot even be written down
            }
            things = take();
        }
    }

    private synchronized List<Item<K, T>> take() {
        List<Item<K, T>> things = new ArrayList<>();
        while (!waiting.isEmpty()
                && things.size() < batch
                && (things.isEmpty()
                        || Objects.equals(
                                things.get(0).key(), waiting.getFirst().key()))) {
            Item<K, T> item = waiting.removeFirst();
            characters -= length.applyAsLong(item.thing());
            things.add(item);
        }
        if (things.isEmpty()) {
            scheduled = false;
            full = false;
            searching = false;
            drained.complete(null);
        }
        return things;
    }

    private synchronized void taken() {
        backoff.recovered();
        failures = 0;
        batch = Math.min(BATCH, batch * 2);
    }

    /**
     * Notes that the controller failed. Once it has failed too often a batch is halved at each failure, but a single
     * thing is tried as often as any batch before it goes: a controller that fails at everything costs little.
     */
    private synchronized boolean isToBlame(int size) {
        failures++;
        searching |= failures >= FAILURES;
        return size > 1 ? searching : failures >= FAILURES;
    }

    private void refused(List<Item<K, T>> things, Exception why, boolean content) {
        if (content && things.size() > 1) {
            putBack(things);
            halve(things.size());
            return;
        }
        forget(things.size());
        if (!content) {
            LOG.log(Level.DEBUG, "The controller refused {0} {1}: {2}", things.size(), name, why.getMessage());
            return;
        }
        Item<K, T> dropped = things.get(0);
        String said = "one of the " + name + " (" + called.apply(dropped.thing()) + ") cannot be told and is dropped: "
                + why.getMessage();
        LOG.log(Level.WARNING, "{0} key={1}", said, dropped.key());
        lost.accept(said);
    }

    private synchronized void halve(int size) {
        batch = size / 2;
    }

    private synchronized void forget(int more) {
        forgotten += more;
        failures = 0;
        searching = false;
    }

    private synchronized void putBack(List<Item<K, T>> things) {
        for (int i = things.size() - 1; i >= 0; i--) {
            waiting.addFirst(things.get(i));
            characters += length.applyAsLong(things.get(i).thing());
        }
    }

    private synchronized void later() {
        scheduled = false;
        schedule(backoff.next().toMillis());
    }
}
