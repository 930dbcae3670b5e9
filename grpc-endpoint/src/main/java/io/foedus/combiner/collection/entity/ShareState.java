package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where one share stands. It decides, and touches nothing: {@link #on} answers an event with the next state and with
 * what is to be done. The time is handed in, and so is everything else that it has to know.
 *
 * <p>A state does not change any more once it has been handed out, so any thread may read it. What counts is said by
 * facts: they are written to the journal and change the state by {@link Turn#apply}, whether they have just become true
 * or are read again after a restart.
 */
public final class ShareState {
    // changed by a turn only, and only before it hands the state out
    Order order;
    final Limits limits;
    Phase phase = Phase.OPENING;
    Map<UUID, Participant> participants = new LinkedHashMap<>();
    Map<UUID, Seat> seats = new LinkedHashMap<>();
    /** Largest acceptable result; absent until the base model is here. */
    @Nullable Long mostBytes;
    /** Whether it has been taken up: what happened earlier is known. */
    boolean begun;
    /** How many claims wait for an answer or for another try. */
    int claiming;
    /** Whether more clients than before are wanted. */
    boolean widened;
    /** How many results came too late. */
    int discarded;

    @Nullable Instant lastLoss;

    /** Whether what has passed will be committed soon. */
    boolean committing;
    /** Whether the disk refused it the last time. */
    boolean unwritable;
    /** Whether a report is on its way. */
    boolean reporting;
    /** Whether a report waits for another try. */
    boolean resting;
    /** When clients got their tasks. */
    @Nullable Instant opened;
    /** When the last result was taken. */
    @Nullable Instant closed;
    /** Why there is less than was wanted. */
    @Nullable String reason;

    private ShareState(Order order, Limits limits) {
        this.order = order;
        this.limits = limits;
    }

    /** A share that nothing has happened to yet. */
    public static ShareState of(Order order, Limits limits) {
        return new ShareState(order, limits);
    }

    /** The same, to be changed; the maps are still shared. */
    ShareState copy() {
        ShareState copy = new ShareState(order, limits);
        copy.phase = phase;
        copy.participants = participants;
        copy.seats = seats;
        copy.mostBytes = mostBytes;
        copy.begun = begun;
        copy.claiming = claiming;
        copy.widened = widened;
        copy.discarded = discarded;
        copy.lastLoss = lastLoss;
        copy.committing = committing;
        copy.unwritable = unwritable;
        copy.reporting = reporting;
        copy.resting = resting;
        copy.opened = opened;
        copy.closed = closed;
        copy.reason = reason;
        return copy;
    }

    /** What an event leads to. */
    public Decision on(Event event, Instant now) {
        Turn turn = new Turn(this, now);
        event.in(new Course(turn));
        return turn.decision();
    }

    public Order order() {
        return order;
    }

    public Phase phase() {
        return phase;
    }

    /** All who were asked, in that order. */
    public java.util.Collection<Participant> participants() {
        return participants.values();
    }

    /** Who was asked, whatever became of it. */
    public Optional<Participant> asked(UUID client) {
        return Optional.ofNullable(participants.get(client));
    }

    /** The participant that works on a task, or did; not one that works on for a later round. */
    public Optional<Participant> participant(UUID client) {
        return asked(client).filter(one -> one.standing() != Standing.CARRIED);
    }

    /** Whether a result of that task would still be taken. */
    public boolean wants(UUID client, UUID task) {
        return phase.open()
                && participant(client)
                        .filter(one -> one.task().equals(task))
                        .filter(one -> one.standing() != Standing.REJECTED && one.standing() != Standing.FAILED)
                        .isPresent();
    }

    /** Whether that client's task started from the model of that digest. */
    public boolean startsFrom(UUID client, String digest) {
        return participant(client)
                .filter(one -> one.origin().model().digest().equals(digest))
                .isPresent();
    }

    /** Largest acceptable file in bytes; a guess from the base model's size until it is here. */
    public long mostBytes() {
        return mostBytes != null ? mostBytes : 2 * order.model().size() + (1L << 20);
    }

    /** Those who gave up count as lost: neither will deliver. Those who work on for a later round do not count here. */
    public Tally tally() {
        int[] standing = new int[Standing.values().length];
        for (Participant one : participants.values()) {
            standing[one.standing().ordinal()]++;
        }
        return new Tally(
                standing[Standing.ACCEPTED.ordinal()],
                standing[Standing.REJECTED.ordinal()],
                discarded,
                standing[Standing.LOST.ordinal()] + standing[Standing.FAILED.ordinal()],
                participants.size() - standing[Standing.CARRIED.ordinal()]);
    }

    /** Accepted results in client-id order. */
    public List<Fact> accepted() {
        return participants.values().stream()
                .filter(one -> one.standing() == Standing.ACCEPTED)
                .sorted(Comparator.comparing(one -> one.client().toString()))
                .map(one -> Objects.requireNonNull(one.accepted()))
                .toList();
    }

    /** Those whose results were taken by an earlier run. */
    Set<UUID> restored() {
        return participants.values().stream()
                .filter(Participant::restored)
                .map(Participant::client)
                .collect(Collectors.toSet());
    }

    /** Results at hand and results that may come. */
    int promising() {
        return (int) participants.values().stream()
                .filter(one ->
                        one.standing() == Standing.ACCEPTED || one.standing().outstanding())
                .count();
    }

    boolean training() {
        return order.kind() == TaskKind.TRAIN;
    }

    /** Whether clients that are not done when it closes work on for a later round. */
    public boolean carriesOver() {
        return training() && order.buffered();
    }

    /** Since the round began, wherever it did. */
    Duration elapsed(Instant now) {
        return Duration.between(limits.begun(), now);
    }

    /** Until the round's deadline, not negative. */
    Duration remaining(Instant now) {
        Duration left = Duration.ofMillis(order.policy().maxWaitMillis()).minus(elapsed(now));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
