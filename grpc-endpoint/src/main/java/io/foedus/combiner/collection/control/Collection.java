package io.foedus.combiner.collection.control;

import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.collection.entity.Carried;
import io.foedus.combiner.collection.entity.Decision;
import io.foedus.combiner.collection.entity.Event;
import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Limits;
import io.foedus.combiner.collection.entity.Receipt;
import io.foedus.combiner.collection.entity.Seat;
import io.foedus.combiner.collection.entity.ShareState;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.combiner.collection.entity.TaskTrouble;
import io.foedus.core.exchange.Order;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One share in flight. Every public method returns at once; what it asks for happens on the collection's serial
 * executor.
 *
 * <p>What happens becomes an {@link Event}; {@link ShareState} decides what it leads to, and {@link Performer} does it.
 */
public final class Collection {
    private final CombinerContext context;
    private final SerialExecutor serial;
    private final ShareSpool spool;
    private final Performer performer;
    private final Map<UUID, Instant> heard = new ConcurrentHashMap<>();
    private final Queue<Event> following = new ArrayDeque<>();
    private volatile ShareState state;

    /**
     * @param elsewhere takes results that belong to a later round
     * @throws IOException if the share's directory cannot be made or its journal not read
     */
    Collection(CombinerContext context, Order order, Performer.Elsewhere elsewhere) throws IOException {
        this.context = context;
        this.serial = new SerialExecutor(context.workers());
        this.spool = new ShareSpool(context.spool().share(order.key()));
        Instant received = context.now();
        this.state = ShareState.of(
                order,
                new Limits(
                        context.started(),
                        received,
                        received.plusMillis(order.remainingMillis())
                                .minusMillis(order.policy().maxWaitMillis()),
                        context.config().detachGrace(),
                        context.config().clientLease()));
        this.performer = new Performer(context, this, serial, spool, elsewhere);
    }

    /** Where it stands; a snapshot. */
    ShareState state() {
        return state;
    }

    public Order order() {
        return state.order();
    }

    // ---- the controller's word

    /** @param after what has to be over before it asks anybody */
    void begin(CompletableFuture<?> after) {
        performer.hold(order().model().digest());
        after.whenCompleteAsync((done, trouble) -> happen(opened()), serial);
    }

    private Event opened() {
        List<Fact> past = spool.past();
        Set<UUID> files = past.stream()
                .filter(fact -> fact.kind() == Fact.Kind.ACCEPTED)
                .map(fact -> Objects.requireNonNull(fact.client()))
                .filter(client -> spool.present(client).isPresent())
                .collect(Collectors.toSet());
        List<Seat> seats =
                context.registry().all().stream().map(Collection::seat).toList();
        return new Event.Opened(past, files, seats, carried());
    }

    /** The order as the controller lists it now: perhaps under another epoch, perhaps asking for more. */
    void adopt(Order fresh) {
        soon(() -> new Event.OrderChanged(fresh));
    }

    /** @return done when it is */
    CompletableFuture<Void> cancel(String why) {
        return CompletableFuture.runAsync(() -> happen(new Event.Cancelled(why)), serial);
    }

    // ---- what agents do and say

    void attached(Agent agent) {
        soon(() -> context.registry()
                .find(agent.client()) // it may have a newer stream by now
                .map(one -> new Event.Attached(seat(one), carried()))
                .orElse(null));
    }

    private static Seat seat(Agent agent) {
        return new Seat(
                agent.client(),
                agent.stream(),
                agent.principal().alliance(),
                agent.labels(),
                agent.channel().bringsProgram(),
                agent.held());
    }

    void detached(UUID client, boolean forGood) {
        soon(() -> context.registry().find(client).isPresent() ? null : new Event.Detached(client, forGood));
    }

    /** Notes a sign that a client works. */
    void alive(UUID client) {
        if (state.participant(client).isPresent()) {
            heard.put(client, context.now());
        }
    }

    CompletableFuture<Receipt> result(UUID client, TaskOutcome outcome) {
        CompletableFuture<Receipt> answer = new CompletableFuture<>();
        soon(() -> delivered(client, outcome, answer));
        return answer;
    }

    /** @param answer done when the receipt is known */
    Event.Delivered delivered(UUID client, TaskOutcome outcome, CompletableFuture<Receipt> answer) {
        return new Event.Delivered(performer.expect(answer), client, outcome, uploaded(outcome));
    }

    private boolean uploaded(TaskOutcome outcome) {
        if (outcome.digest() == null) {
            return false;
        }
        try {
            return context.uploads()
                    .complete(outcome.upload(), new Digest(outcome.digest()))
                    .isPresent();
        } catch (IllegalArgumentException e) { // not a digest: no file is named so
            return false;
        }
    }

    void failed(UUID client, TaskTrouble trouble) {
        soon(() -> new Event.GivenUp(client, trouble));
    }

    // ---- the clock

    /** Looks at leases, graces and the deadline; harmless at any time. */
    void check() {
        soon(() -> new Event.Looked(Map.copyOf(heard), carried()));
    }

    private Carried carried() {
        Order order = order();
        return order.buffered() ? context.carry().seenFrom(order.sessionId()) : Carried.NONE;
    }

    // ---- one event after the other

    /** @param event made when it is its turn; absent if nothing has happened after all */
    private void soon(Supplier<? extends @Nullable Event> event) {
        serial.execute(() -> {
            Event made = event.get();
            if (made != null) {
                happen(made);
            }
        });
    }

    /** Decides and acts; on the serial executor. */
    void happen(Event event) {
        following.add(event);
        for (Event one = following.poll(); one != null; one = following.poll()) {
            Decision decision = state.on(one, context.now());
            performer.keep(decision.effects()); // before it is gone from here, so that it is somewhere at any moment
            state = decision.state();
            if (one instanceof Event.Enlisted) {
                performer.handOver(); // after it is seen here, for the same reason
            }
            performer.perform(decision.effects());
        }
    }

    /** Lets something happen as soon as the effects of this event are carried out; on the serial executor. */
    void follow(Event event) {
        following.add(event);
    }
}
