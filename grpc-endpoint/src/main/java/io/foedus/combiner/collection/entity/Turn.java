package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.exchange.ValidationNotice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One event's turn: the next state while it is being made, and what is to be done. */
final class Turn {
    static final Receipt OVERTAKEN = new Receipt(Fate.LATE, "the round closed while the update was being checked");

    private final ShareState next;
    private final Instant now;
    private final List<Effect> effects = new ArrayList<>();
    private boolean ownParticipants;
    private boolean ownSeats;

    Turn(ShareState former, Instant now) {
        this.next = former.copy();
        this.now = now;
    }

    Decision decision() {
        return new Decision(next, effects);
    }

    ShareState state() {
        return next;
    }

    Order order() {
        return next.order;
    }

    Instant now() {
        return now;
    }

    void then(Effect effect) {
        effects.add(effect);
    }

    void to(Phase phase) {
        next.phase = next.phase.to(phase);
    }

    // ---- who takes part, who is there

    Optional<Participant> of(UUID client) {
        return next.asked(client);
    }

    /** As they are now: changing them meanwhile does no harm. */
    List<Participant> all() {
        return List.copyOf(next.participants.values());
    }

    Participant put(Participant participant) {
        if (!ownParticipants) {
            next.participants = new LinkedHashMap<>(next.participants);
            ownParticipants = true;
        }
        next.participants.put(participant.client(), participant);
        return participant;
    }

    @Nullable Seat seat(UUID client) {
        return next.seats.get(client);
    }

    void seat(Seat seat) {
        seats().put(seat.client(), seat);
    }

    void leave(UUID client) {
        seats().remove(client);
    }

    private Map<UUID, Seat> seats() {
        if (!ownSeats) {
            next.seats = new LinkedHashMap<>(next.seats);
            ownSeats = true;
        }
        return next.seats;
    }

    // ---- what is true from now on

    /** Writes facts to the journal, and acts on them. */
    void record(List<Fact> facts) {
        then(new Effect.Journal(facts));
        facts.forEach(fact -> apply(fact, false));
    }

    /**
     * What a fact means for the state.
     *
     * @param earlier whether an earlier run of the combiner wrote it
     */
    void apply(Fact fact, boolean earlier) {
        switch (fact.kind()) {
            case ASKED -> asked(fact, earlier);
            case ACCEPTED -> accepted(fact, earlier);
            case SETTLED -> of(client(fact)).ifPresent(one -> put(one.settled(fact)));
            case CLOSED -> closed(fact);
        }
    }

    private void asked(Fact fact, boolean earlier) {
        Origin origin = fact.origin() == null ? Origin.of(order()) : fact.origin();
        UUID task = Objects.requireNonNull(fact.task());
        Participant known = of(client(fact)).orElse(null);
        if (known != null && known.task().equals(task)) {
            put(known.startingFrom(origin));
        } else {
            Instant received = next.limits.received();
            Presence presence = earlier
                    ? Presence.since(received).goneAt(received.plus(Limits.SETTLING)) // it may be on its way back
                    : Presence.since(now);
            put(new Participant(client(fact), task, origin, presence));
        }
        if (fact.origin() != null) {
            then(new Effect.Hold(origin.model().digest()));
        }
    }

    /** It counts, even if the line that asked for it found no room on the disk. */
    private void accepted(Fact fact, boolean earlier) {
        if (of(client(fact)).isEmpty()) {
            asked(fact, earlier);
        }
        put(of(client(fact)).orElseThrow().accepted(fact, earlier));
        counted(fact, earlier);
    }

    /** The controller hears what counts; of measured metrics after a restart too, nobody knows whether it had. */
    private void counted(Fact fact, boolean earlier) {
        if (!next.training()) {
            then(new Effect.NotifyMeasured(
                    new ValidationNotice(client(fact), fact.examples(), fact.metrics(), fact.timings())));
        } else if (!earlier) {
            notice(fact, Fate.ACCEPTED, null, null);
        }
    }

    /** Nobody is waited for any more. */
    private void closed(Fact fact) {
        if (next.phase.open()) {
            to(Phase.CLOSING);
        }
        next.closed = now;
        next.reason = fact.reason() == null || fact.reason().isEmpty() ? null : fact.reason();
        for (Participant one : all()) {
            if (one.standing().outstanding()) {
                put(one.to(next.carriesOver() ? Standing.CARRIED : Standing.LOST));
            }
        }
    }

    private static UUID client(Fact fact) {
        return Objects.requireNonNull(fact.client());
    }

    // ---- what is said

    void answer(Participant participant, Receipt receipt) {
        Attempt attempt = participant.attempt();
        if (attempt != null && !attempt.replies().isEmpty()) {
            then(new Effect.Answer(attempt.replies(), receipt));
            put(of(participant.client()).orElseThrow().with(attempt.answered()));
        }
    }

    /** What has passed will not become durable any more; what is still being checked is answered after that. */
    void giveUp(Participant participant) {
        if (participant.passed()) {
            answer(participant, OVERTAKEN);
        }
    }

    void notice(UUID client, TaskOutcome outcome, Fate fate, @Nullable String code, @Nullable String message) {
        notice(Fact.accepted(client, outcome, null), fate, code, message);
    }

    void notice(Fact fact, Fate fate, @Nullable String code, @Nullable String message) {
        if (next.training()) {
            then(new Effect.Notify(new UpdateNotice(
                    client(fact),
                    fact.digest(),
                    fact.size(),
                    fact.examples(),
                    fate,
                    code,
                    message,
                    null,
                    fact.measured().numbers(),
                    fact.timings())));
        }
    }

    void announce(Severity severity, String kind, String message, UUID client) {
        then(new Effect.Announce(new CombinerEvent(severity, kind, message, client, order().roundId(), Map.of())));
    }

    /** Ends a participant's part without a result that counts. */
    void settle(Participant participant, Fate fate, String reason) {
        UUID client = participant.client();
        record(List.of(Fact.settled(client, participant.task(), fate, reason)));
        then(new Effect.Working(client, false));
        then(new Effect.Remember(List.of(end(participant, participant.digest(), fate, reason))));
    }

    /** An accepted update does not count after all: it keeps the others' from being folded, or from being recorded. */
    boolean revoke(UUID client, Refusal refusal) {
        Participant participant =
                of(client).filter(one -> one.standing() == Standing.ACCEPTED).orElse(null);
        if (participant == null) {
            return false;
        }
        settle(participant, Fate.REJECTED, refusal.toString());
        notice(Objects.requireNonNull(participant.accepted()), Fate.REJECTED, refusal.code(), refusal.sentence());
        return true;
    }

    TaskEnd end(Participant participant, @Nullable String digest, Fate fate, @Nullable String why) {
        return new TaskEnd(participant.task(), participant.client(), order().roundId(), digest, fate, why);
    }
}
