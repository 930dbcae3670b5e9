package io.foedus.combiner.collection.control;

import io.foedus.combiner.agents.control.AgentRegistry;
import io.foedus.combiner.agents.control.Attendance;
import io.foedus.combiner.collection.entity.Carried;
import io.foedus.combiner.collection.entity.Receipt;
import io.foedus.combiner.collection.entity.TaskEnd;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.combiner.collection.entity.Work;
import io.foedus.combiner.models.control.ModelCache;
import io.foedus.combiner.spool.control.Uploads;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Clients of buffered sessions between two rounds: they work on with the model they have, and what they bring counts in
 * the next round of their session that claims them, as stale as it is by then. A result that arrives while no round is
 * open waits for one. Kept in memory: after a restart such work is taken back. Safe for many threads.
 */
public final class CarriedWork {
    private static final Logger LOG = System.getLogger(CarriedWork.class.getName());

    private final AgentRegistry registry;
    private final Attendance attendance;
    private final ModelCache models;
    private final Uploads uploads;
    private final Ledger ledger;
    private final Map<UUID, Entry> byTask = new HashMap<>();

    public CarriedWork(
            AgentRegistry registry, Attendance attendance, ModelCache models, Uploads uploads, Ledger ledger) {
        this.registry = registry;
        this.attendance = attendance;
        this.models = models;
        this.uploads = uploads;
        this.ledger = ledger;
    }

    /** Work that a round takes over, with what has arrived of it. */
    record Taken(Work work, @Nullable TaskOutcome outcome, CompletableFuture<Receipt> answer) {}

    private static final class Entry {
        private final Work work;
        private final CompletableFuture<Receipt> answer = new CompletableFuture<>();
        private @Nullable TaskOutcome outcome;

        Entry(Work work, @Nullable TaskOutcome outcome) {
            this.work = work;
            this.outcome = outcome;
        }
    }

    /** @param arrived its result, if that is here already */
    synchronized void keep(Work work, @Nullable TaskOutcome arrived) {
        models.hold(new Digest(work.origin().model().digest()));
        Entry before = byTask.get(work.task());
        if (before == null) {
            byTask.put(work.task(), new Entry(work, arrived));
        } else { // a round looked at it and closed before it took it over
            forget(before);
            Entry again = new Entry(work, arrived == null ? before.outcome : arrived);
            again.answer.thenAccept(before.answer::complete);
            byTask.put(work.task(), again);
        }
    }

    /** Whether that client's task is among them. */
    synchronized Optional<Work> find(UUID client, UUID task) {
        return Optional.ofNullable(byTask.get(task))
                .map(entry -> entry.work)
                .filter(work -> work.client().equals(client));
    }

    /** The client's task that it was last asked for in that round. */
    synchronized Optional<UUID> task(UUID client, Order.Key round) {
        return byTask.values().stream()
                .map(entry -> entry.work)
                .filter(work ->
                        work.client().equals(client) && work.last().key().equals(round))
                .map(Work::task)
                .findFirst();
    }

    /** The client's tasks among them. */
    synchronized Set<UUID> tasks(UUID client) {
        return byTask.values().stream()
                .map(entry -> entry.work)
                .filter(work -> work.client().equals(client))
                .map(Work::task)
                .collect(Collectors.toSet());
    }

    /** The model that a client's task started from. */
    synchronized Optional<Digest> model(UUID client, Digest digest) {
        return byTask.values().stream()
                .map(entry -> entry.work)
                .filter(work -> work.client().equals(client)
                        && work.origin().model().digest().equals(digest.hex()))
                .findFirst()
                .map(work -> digest);
    }

    /** Clients of a session that work on. */
    synchronized List<Work> of(UUID session) {
        return byTask.values().stream()
                .map(entry -> entry.work)
                .filter(work -> work.last().sessionId().equals(session))
                .toList();
    }

    /** Who works on, as a session sees it. */
    synchronized Carried seenFrom(UUID session) {
        Set<UUID> elsewhere = byTask.values().stream()
                .map(entry -> entry.work)
                .filter(work -> !work.last().sessionId().equals(session))
                .map(Work::client)
                .collect(Collectors.toSet());
        return new Carried(of(session), elsewhere);
    }

    /** Keeps a result until a round takes it; empty if the task is not among them. */
    synchronized Optional<CompletableFuture<Receipt>> result(UUID client, TaskOutcome outcome) {
        if (find(client, outcome.task()).isEmpty()) {
            return Optional.empty();
        }
        Entry entry = Objects.requireNonNull(byTask.get(outcome.task()));
        if (entry.outcome != null && !Objects.equals(entry.outcome.digest(), outcome.digest())) {
            return Optional.of(CompletableFuture.completedFuture(
                    new Receipt(Fate.DUPLICATE, "another result of this client is here already")));
        }
        entry.outcome = outcome;
        return Optional.of(entry.answer);
    }

    /** A client's work in a session, for the new round that is about to {@linkplain #take take} it over. */
    synchronized Optional<Taken> look(UUID session, UUID client) {
        return byTask.values().stream()
                .filter(entry -> entry.work.client().equals(client)
                        && entry.work.last().sessionId().equals(session))
                .findFirst()
                .map(entry -> new Taken(entry.work, entry.outcome, entry.answer));
    }

    /**
     * Hands work over to the round that has looked at it, and holds the model from now on. Work that was kept once more
     * since is another one and stays.
     *
     * @return what has arrived of it, or null
     */
    synchronized @Nullable TaskOutcome take(Taken seen) {
        Entry entry = byTask.get(seen.work().task());
        if (entry == null || entry.answer != seen.answer()) {
            return null;
        }
        forget(entry);
        return entry.outcome;
    }

    /** Forgets the work of a client that failed or counts elsewhere; it is not told. */
    synchronized void fail(UUID client, UUID task) {
        if (find(client, task).isPresent()) {
            Entry entry = Objects.requireNonNull(byTask.get(task));
            forget(entry);
            attendance.working(client, false);
            entry.answer.complete(new Receipt(Fate.FAILED, "the client said that it failed"));
        }
    }

    /** Takes back what belongs to sessions that go on no more. */
    synchronized void retain(Collection<UUID> sessions) {
        for (Entry entry : List.copyOf(byTask.values())) {
            if (!sessions.contains(entry.work.last().sessionId())) {
                drop(entry.work, "the session goes on no more");
            }
        }
    }

    /** Takes work back from its client. */
    synchronized void drop(Work work, String why) {
        Entry entry = byTask.get(work.task());
        if (entry == null) {
            return;
        }
        forget(entry);
        attendance.working(work.client(), false);
        registry.find(work.client()).ifPresent(agent -> agent.channel().cancel(work.task(), why));
        entry.answer.complete(new Receipt(Fate.LATE, why));
        try {
            uploads.discard(work.task());
            ledger.note(
                    List.of(new TaskEnd(work.task(), work.client(), work.last().roundId(), null, Fate.LATE, why)));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Cannot note that work was taken back: {0}", e.toString());
        }
    }

    private void forget(Entry entry) {
        byTask.remove(entry.work.task());
        models.release(new Digest(entry.work.origin().model().digest()));
    }
}
