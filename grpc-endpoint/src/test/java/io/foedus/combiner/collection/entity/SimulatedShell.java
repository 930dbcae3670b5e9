package io.foedus.combiner.collection.entity;

import io.foedus.combiner.collection.entity.Event.Enlisted.Enlistee;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.SelectionKind;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.Metrics;
import io.foedus.core.round.RoundMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A shell in memory: a disk that keeps a journal and files over a kill, clients that come and go, a controller that
 * answers when it is told to, and a clock that stands still. Nothing here decides anything.
 */
final class SimulatedShell {
    static final Duration LONG = Duration.ofMinutes(5);
    static final Duration GRACE = Duration.ofSeconds(5);
    static final Duration LEASE = Duration.ofSeconds(60);

    /** The combiner is killed in the middle of what it does. */
    static final class Kill extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private record Timed(Instant at, long number, Event event) {}

    // what a kill leaves
    final List<Fact> journal = new ArrayList<>();
    final Map<UUID, String> files = new LinkedHashMap<>();
    final Map<UUID, String> uploads = new HashMap<>();
    final Map<UUID, Seat> attached = new LinkedHashMap<>();
    final List<Effect> effects = new ArrayList<>();
    final Map<Long, Receipt> receipts = new HashMap<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Order order;
    boolean diskFull;
    boolean linesLost;
    /** Effects until the next kill; negative: none. */
    int killAfter = -1;

    // what it does not
    ShareState state;
    final Deque<Event> soon = new ArrayDeque<>();
    final Queue<Timed> timers =
            new PriorityQueue<>(Comparator.comparing(Timed::at).thenComparing(Timed::number));
    final List<List<UUID>> claims = new ArrayList<>();
    final List<UUID> examining = new ArrayList<>();
    final Set<Long> waiting = new HashSet<>();
    final Map<UUID, Work> carried = new LinkedHashMap<>();
    final Map<UUID, TaskOutcome> arrived = new HashMap<>();
    final Map<UUID, Instant> heard = new HashMap<>();
    Effect.@Nullable Report reporting;

    private final Deque<Event> following = new ArrayDeque<>();
    private long number;

    /** @param settled whether the combiner has been running for a while */
    SimulatedShell(Order order, boolean settled) {
        this.order = order;
        this.state = fresh(settled ? now.minus(Limits.SETTLING) : now);
    }

    SimulatedShell(Order order) {
        this(order, true);
    }

    private ShareState fresh(Instant started) {
        return ShareState.of(order, new Limits(started, now, now, GRACE, LEASE));
    }

    static Order order(TaskKind kind, int least, int target, boolean buffered) {
        return new Order(
                new UUID(1, 1),
                kind,
                new UUID(2, 2),
                2,
                new UUID(3, 3),
                "hospitals",
                null,
                1,
                new Order.Model(new UUID(4, 4), "b".repeat(64), 100, "npz"),
                "1".repeat(64),
                new Order.Policy(least, target, LONG.toMillis(), LONG.toMillis()),
                new Order.Select(SelectionKind.ALL, 0, 7, Map.of(), List.of()),
                buffered ? "fedbuff:0.5" : "mean",
                buffered ? RoundMode.BUFFERED : RoundMode.SYNCHRONOUS,
                10,
                Map.of(),
                false,
                1_000,
                LONG.toMillis());
    }

    // ---- what happens

    SimulatedShell open() {
        return happen(new Event.Opened(
                List.copyOf(journal), Set.copyOf(files.keySet()), List.copyOf(attached.values()), carried()));
    }

    /** Ends and begins again: whatever was not on the disk is gone. */
    SimulatedShell restart() {
        soon.clear();
        timers.clear();
        claims.clear();
        examining.clear();
        waiting.clear();
        carried.clear();
        arrived.clear();
        heard.clear();
        attached.clear();
        following.clear();
        reporting = null;
        killAfter = -1;
        state = fresh(now);
        return open();
    }

    SimulatedShell attach(UUID client, UUID... held) {
        Seat seat = new Seat(client, UUID.randomUUID(), "hospitals", Map.of(), false, Set.of(held));
        attached.put(client, seat);
        return happen(new Event.Attached(seat, carried()));
    }

    SimulatedShell detach(UUID client, boolean forGood) {
        attached.remove(client);
        return happen(new Event.Detached(client, forGood));
    }

    /** The oldest claim is granted but for these. */
    SimulatedShell grant(UUID... butNot) {
        List<UUID> asked = claims.remove(0);
        Set<UUID> granted = new HashSet<>(asked);
        granted.removeAll(List.of(butNot));
        return happen(new Event.Granted(asked, granted));
    }

    SimulatedShell base() {
        return happen(new Event.BaseArrived(1_000));
    }

    /** Everybody who is there is asked and has the task. */
    SimulatedShell begin(UUID... clients) {
        for (UUID client : clients) {
            attached.put(client, new Seat(client, UUID.randomUUID(), "hospitals", Map.of(), false, Set.of()));
        }
        return open().grant().base();
    }

    UUID task(UUID client) {
        return state.asked(client).orElseThrow().task();
    }

    TaskOutcome outcome(UUID client, UUID task, String digest, long examples) {
        return new TaskOutcome(task, task, examples, new Metrics(Map.of()), digest, 10, Map.of());
    }

    /** Hands a result in; answers with the number of its receipt. */
    long deliver(UUID client, String digest, long examples) {
        return deliver(client, task(client), digest, examples);
    }

    long deliver(UUID client, UUID task, String digest, long examples) {
        uploads.put(client, digest);
        long reply = ++number;
        waiting.add(reply);
        happen(new Event.Delivered(reply, client, outcome(client, task, digest, examples), true));
        return reply;
    }

    SimulatedShell examined(UUID client) {
        examining.remove(client);
        return happen(new Event.Examined(client, Optional.empty(), Optional.empty()));
    }

    SimulatedShell refused(UUID client) {
        examining.remove(client);
        return happen(
                new Event.Examined(client, Optional.of(new Refusal("LAYOUT", "another shape")), Optional.empty()));
    }

    /** Runs what is to happen soon. */
    SimulatedShell soon() {
        while (!soon.isEmpty()) {
            happen(soon.remove());
        }
        return this;
    }

    /** One whole delivery that is acceptable. */
    Receipt counts(UUID client, String digest) {
        long reply = deliver(client, digest, 1);
        examined(client).soon();
        return receipt(reply);
    }

    SimulatedShell pass(Duration time) {
        now = now.plus(time);
        for (Timed timed = timers.peek(); timed != null && !timed.at().isAfter(now); timed = timers.peek()) {
            timers.remove();
            happen(timed.event());
        }
        return look();
    }

    SimulatedShell look() {
        return happen(new Event.Looked(Map.copyOf(heard), carried()));
    }

    Receipt receipt(long reply) {
        return Objects.requireNonNull(receipts.get(reply), "nobody has answered");
    }

    private Carried carried() {
        return new Carried(List.copyOf(carried.values()), Set.of());
    }

    // ---- deciding and acting

    SimulatedShell happen(Event event) {
        following.add(event);
        while (!following.isEmpty()) {
            Decision decision = state.on(following.remove(), now);
            state = decision.state();
            for (Effect effect : decision.effects()) {
                if (killAfter >= 0 && killAfter-- == 0) {
                    throw new Kill();
                }
                effects.add(effect);
                perform(effect);
            }
        }
        return this;
    }

    private void perform(Effect effect) {
        if (effect instanceof Effect.Claim claim) {
            claims.add(claim.clients());
        } else if (effect instanceof Effect.Report report) {
            if (reporting != null) {
                throw new IllegalStateException("two reports at once");
            }
            reporting = report;
        } else if (effect instanceof Effect.Enlist enlist) {
            following.add(new Event.Enlisted(
                    enlist.clients().stream().map(this::enlist).toList()));
        } else if (effect instanceof Effect.Examine examine) {
            examining.add(examine.client());
        } else if (effect instanceof Effect.TakeOver takeOver) {
            String upload = uploads.get(takeOver.client());
            if (Objects.equals(upload, takeOver.outcome().digest())) {
                uploads.remove(takeOver.client());
                files.put(takeOver.client(), Objects.requireNonNull(upload));
            } else {
                following.add(new Event.Unreadable(takeOver.client()));
            }
        } else if (effect instanceof Effect.Commit commit) {
            if (!diskFull) {
                journal.addAll(commit.facts());
            }
            following.add(diskFull ? new Event.NotCommitted() : new Event.Committed(commit.facts()));
        } else if (effect instanceof Effect.Journal lines) {
            linesLost |= diskFull;
            journal.addAll(diskFull ? List.of() : lines.facts());
        } else if (effect instanceof Effect.Answer answer) {
            answer.replies().forEach(reply -> answered(reply, answer.receipt()));
        } else if (effect instanceof Effect.PassOn passOn) {
            passOn.replies().forEach(reply -> answered(reply, new Receipt(Fate.LATE, "passed on")));
        } else if (effect instanceof Effect.Keep keep) {
            carried.put(keep.work().client(), keep.work());
        } else if (effect instanceof Effect.GiveBack back) {
            carried.put(back.work().client(), back.work());
            arrived.put(back.work().client(), back.outcome());
            back.replies().forEach(reply -> answered(reply, new Receipt(Fate.LATE, "passed on")));
        } else if (effect instanceof Effect.CallBack back) {
            carried.remove(back.client());
        } else if (effect instanceof Effect.Soon then) {
            soon.add(then.then());
        } else if (effect instanceof Effect.Later later) {
            timers.add(new Timed(now.plus(later.after()), ++number, later.then()));
        } else if (effect instanceof Effect.Retry retry) {
            timers.add(new Timed(now.plusSeconds(1), ++number, retry.then()));
        } else if (effect instanceof Effect.Look look) {
            if (look.after().isZero()) {
                following.add(new Event.Looked(Map.copyOf(heard), carried()));
            } else {
                timers.add(new Timed(now.plus(look.after()), ++number, new Event.Looked(Map.of(), Carried.NONE)));
            }
        }
    }

    private Enlistee enlist(UUID client) {
        Work work = carried.remove(client);
        TaskOutcome outcome = arrived.remove(client);
        if (work == null) {
            return new Enlistee(client, UUID.randomUUID(), null, null);
        }
        long reply = ++number;
        waiting.add(reply);
        return new Enlistee(
                client,
                work.task(),
                work.origin(),
                outcome == null ? null : new Event.Delivered(reply, client, outcome, true));
    }

    private void answered(long reply, Receipt receipt) {
        if (!waiting.remove(reply)) {
            throw new IllegalStateException("answered twice: " + receipt);
        }
        receipts.put(reply, receipt);
    }

    // ---- what can be seen

    <E extends Effect> List<E> all(Class<E> kind) {
        return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Clients that the journal says count, with their digests. */
    Map<UUID, String> journalled() {
        Map<UUID, String> counted = new HashMap<>();
        for (Fact fact : journal) {
            if (fact.kind() == Fact.Kind.ACCEPTED) {
                counted.put(Objects.requireNonNull(fact.client()), Objects.requireNonNull(fact.digest()));
            } else if (fact.kind() == Fact.Kind.SETTLED) {
                counted.remove(Objects.requireNonNull(fact.client()));
            }
        }
        return Collections.unmodifiableMap(counted);
    }
}
