package io.foedus.combiner.collection.control;

import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.agents.entity.AgentChannel.Ending;
import io.foedus.combiner.agents.entity.AgentListener;
import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Participant;
import io.foedus.combiner.collection.entity.Receipt;
import io.foedus.combiner.collection.entity.TaskEnd;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.combiner.collection.entity.TaskTrouble;
import io.foedus.combiner.collection.entity.Work;
import io.foedus.combiner.spool.control.Spool;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Heartbeat.Progress;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.Orders;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * All shares in flight: reconciles them with the controller's list and routes what agents say. Safe for many threads.
 */
public final class Collections implements AgentListener {
    private static final Logger LOG = System.getLogger(Collections.class.getName());

    private final CombinerContext context;
    private final Map<Order.Key, Collection> open = new ConcurrentHashMap<>();
    private final AtomicInteger mostBusy = new AtomicInteger();
    private volatile boolean first = true;

    public Collections(CombinerContext context) {
        this.context = context;
        context.registry().listen(this);
    }

    // ---- the controller's word

    /** Makes the shares in flight those of the list. Called by one thread. */
    public void reconcile(Orders news) {
        Set<Order.Key> wanted = news.orders().stream().map(Order::key).collect(Collectors.toSet());
        List<CompletableFuture<Void>> ending = new ArrayList<>();
        open.forEach((key, collection) -> {
            if (!wanted.contains(key)) {
                open.remove(key);
                ending.add(collection.cancel("the controller does not wait for it any more"));
            }
        });
        // work that a round leaves over is there when the next one asks who works on
        CompletableFuture<Void> ended = CompletableFuture.allOf(ending.toArray(CompletableFuture[]::new));
        for (Order order : news.orders()) {
            Collection known = open.get(order.key());
            if (known != null) {
                known.adopt(order);
            } else {
                begin(order, order.buffered() ? ended : CompletableFuture.completedFuture(null));
            }
        }
        ended.thenRun(() -> context.carry().retain(news.buffered()));
        if (first) {
            removeLeftovers(wanted);
            first = false;
        }
    }

    private void begin(Order order, CompletableFuture<Void> after) {
        try {
            Collection collection = new Collection(context, order, this::result);
            open.put(order.key(), collection);
            collection.begin(after);
            LOG.log(
                    Level.INFO,
                    "A share begins: {0} round={1} number={2}",
                    order.kind(),
                    order.roundId(),
                    order.roundNumber());
        } catch (IOException e) {
            LOG.log(Level.ERROR, "Cannot begin a share, trying again: {0} round={1}", e.toString(), order.key());
        }
    }

    /** Shares of an earlier run that nobody waits for any more; how their tasks ended is remembered. */
    private void removeLeftovers(Set<Order.Key> wanted) {
        try {
            for (Path dir : context.spool().leftShares()) {
                String name = dir.getFileName().toString();
                if (wanted.stream().noneMatch(key -> key.toString().equals(name))) {
                    context.ledger().note(accepted(dir, UUID.fromString(name.substring(0, 36))));
                    Spool.remove(dir);
                }
            }
        } catch (IOException | IllegalArgumentException | StringIndexOutOfBoundsException e) {
            LOG.log(Level.WARNING, "Cannot remove old shares: {0}", e.toString());
        }
    }

    static List<TaskEnd> accepted(Path dir, UUID round) throws IOException {
        Map<UUID, TaskEnd> accepted = new LinkedHashMap<>();
        try (ShareSpool share = new ShareSpool(dir)) {
            for (Fact fact : share.past()) {
                UUID task = fact.task();
                if (task != null && fact.kind() == Fact.Kind.ACCEPTED) {
                    UUID client = Objects.requireNonNull(fact.client());
                    accepted.put(task, new TaskEnd(task, client, round, fact.digest(), Fate.ACCEPTED, null));
                } else if (task != null && fact.kind() == Fact.Kind.SETTLED) {
                    accepted.remove(task); // it was taken back, and the ledger knows why
                }
            }
        }
        return List.copyOf(accepted.values());
    }

    /** Whether the controller has said since the start what is in flight. */
    public boolean informed() {
        return !first;
    }

    /** Where each share stands, for the heartbeat. */
    public List<Progress> progress() {
        return open.values().stream()
                .map(one -> new Progress(one.order().shareId(), one.state().tally()))
                .toList();
    }

    /**
     * The most clients that had a task at a time since this was asked before: who looks at the ends of shares only
     * would see nobody at work.
     */
    public int mostBusySinceAsked() {
        return Math.max(mostBusy.getAndSet(0), busyNow());
    }

    private int busyNow() {
        return open.values().stream()
                .filter(one -> one.state().phase().open())
                .mapToInt(one -> one.state().tally().outstanding())
                .sum();
    }

    /** Whether nothing is in flight. */
    public boolean idle() {
        return open.isEmpty();
    }

    /** Looks at leases and deadlines of all shares. */
    public void check() {
        context.registry().sweep();
        mostBusy.accumulateAndGet(busyNow(), Math::max);
        open.values().forEach(Collection::check);
    }

    /** Sends all agents to other combiners, not all at once. */
    public void drain() {
        for (Agent agent : context.registry().all()) {
            long delay = ThreadLocalRandom.current().nextLong(1, 3_000);
            agent.channel().reassign("this combiner is being drained", Duration.ofMillis(delay));
        }
    }

    public void revoke(UUID client) {
        context.registry().expel(client, Ending.REVOKED, "the client has been revoked");
    }

    // ---- what agents do and say

    @Override
    public void attached(Agent agent) {
        open.values().forEach(collection -> collection.attached(agent));
    }

    @Override
    public void detached(Agent agent, String reason) {
        open.values().forEach(collection -> collection.detached(agent.client(), reason.startsWith(LEFT)));
    }

    /** How the reason of a departure that is meant begins. */
    public static final String LEFT = "left";

    /** Those of the tasks that still count. */
    public Set<UUID> stillWanted(UUID client, Set<UUID> tasks) {
        Set<UUID> wanted = new HashSet<>();
        for (UUID task : tasks) {
            if (find(client, task)
                            .filter(one -> one.state().wants(client, task))
                            .isPresent()
                    || context.carry().find(client, task).isPresent()) {
                wanted.add(task);
            }
        }
        return wanted;
    }

    /** Notes that a client works on a task. */
    public void alive(UUID client, UUID task) {
        find(client, task).ifPresent(one -> one.alive(client));
    }

    /** Notes that a client works. */
    public void alive(UUID client) {
        open.values().forEach(one -> one.alive(client));
    }

    /** Takes a result; the answer comes when it is durable, or refused. */
    public CompletableFuture<Receipt> result(UUID client, TaskOutcome outcome) {
        Optional<Collection> collection = find(client, outcome.task());
        if (collection.isPresent()) {
            return collection.get().result(client, outcome);
        }
        return context.carry()
                .result(client, outcome)
                .orElseGet(() -> CompletableFuture.completedFuture(remembered(client, outcome)));
    }

    private Receipt remembered(UUID client, TaskOutcome outcome) {
        Optional<TaskEnd> line = context.ledger().find(outcome.task(), client);
        if (line.isEmpty()) {
            return new Receipt(Fate.LATE, "the task is unknown here; its round is over or went elsewhere");
        }
        if (line.get().fate() == Fate.LATE) {
            context.notices().update(line.get().round(), late(client, outcome));
        }
        if (line.get().fate() == Fate.ACCEPTED && !Objects.equals(line.get().digest(), outcome.digest())) {
            return new Receipt(Fate.DUPLICATE, "another result of this client counts already");
        }
        return new Receipt(line.get().fate(), line.get().reason());
    }

    private static UpdateNotice late(UUID client, TaskOutcome outcome) {
        return new UpdateNotice(
                client,
                outcome.digest(),
                outcome.size(),
                outcome.examples(),
                Fate.LATE,
                "LATE",
                "the round had closed",
                null,
                outcome.metrics().numbers(),
                outcome.timings());
    }

    public void failed(UUID client, TaskTrouble trouble) {
        find(client, trouble.task())
                .ifPresentOrElse(
                        one -> one.failed(client, trouble),
                        () -> context.carry().fail(client, trouble.task()));
    }

    /** Largest file that is acceptable for a task of that client; empty if nothing is. */
    public Optional<Long> uploadLimit(UUID client, UUID task) {
        return find(client, task)
                .filter(one -> one.state().wants(client, task))
                .map(one -> one.state().mostBytes())
                .or(() -> context.carry().find(client, task).map(Work::mostBytes));
    }

    /** Whether the client ever had that task here. */
    public boolean knows(UUID client, UUID task) {
        return find(client, task).isPresent()
                || context.carry().find(client, task).isPresent()
                || context.ledger().find(task, client).isPresent();
    }

    /** Whether a task's update with that digest is already part of its share. */
    public boolean has(UUID client, UUID task, Digest digest) {
        return find(client, task)
                .flatMap(one -> one.state().participant(client))
                .filter(one -> digest.hex().equals(one.digest()))
                .isPresent();
    }

    /** The model file if it is part of one of the client's open tasks. */
    public Optional<Path> model(UUID client, Digest digest) {
        boolean needed = open.values().stream().anyMatch(one -> one.state().startsFrom(client, digest.hex()))
                || context.carry().model(client, digest).isPresent();
        return needed ? context.models().here(digest) : Optional.empty();
    }

    /** The client's open task in a share, if it has one there. */
    public Optional<UUID> task(UUID client, Order.Key share) {
        return Optional.ofNullable(open.get(share))
                .flatMap(one -> one.state().participant(client))
                .map(one -> one.task())
                .or(() -> context.carry().task(client, share));
    }

    /** The client's tasks whose results would still be taken. */
    public Set<UUID> openTasks(UUID client) {
        Set<UUID> tasks = new HashSet<>(context.carry().tasks(client));
        for (Collection collection : open.values()) {
            collection
                    .state()
                    .participant(client)
                    .map(Participant::task)
                    .filter(task -> collection.state().wants(client, task))
                    .ifPresent(tasks::add);
        }
        return tasks;
    }

    /** Largest file that any open task of that client may bring; empty if it has none. */
    public Optional<Long> uploadLimit(UUID client) {
        return open.values().stream()
                .filter(one -> one.state()
                        .participant(client)
                        .filter(participant -> one.state().wants(client, participant.task()))
                        .isPresent())
                .map(one -> one.state().mostBytes())
                .max(Long::compare);
    }

    /** Orders in flight in which the client takes part. */
    public List<Order> ordersOf(UUID client) {
        return open.values().stream()
                .filter(one -> one.state().participant(client).isPresent())
                .map(Collection::order)
                .toList();
    }

    private Optional<Collection> find(UUID client, UUID task) {
        return open.values().stream()
                .filter(one -> one.state()
                        .participant(client)
                        .filter(participant -> participant.task().equals(task))
                        .isPresent())
                .findFirst();
    }
}
