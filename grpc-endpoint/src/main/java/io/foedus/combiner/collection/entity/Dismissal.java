package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What becomes of clients when a collection ends before they are done. */
final class Dismissal {
    private final Turn turn;

    Dismissal(Turn turn) {
        this.turn = turn;
    }

    /** Lets everybody who is not done work on for a later round. */
    void carryOver(List<Participant> unfinished) {
        for (Participant participant : unfinished) {
            Attempt attempt = participant.attempt();
            if (participant.passed() && attempt != null) { // its file is here already
                turn.then(new Effect.GiveBack(work(participant), attempt.outcome(), attempt.replies()));
                carried(participant.with(attempt.answered()));
            } else {
                turn.then(new Effect.Keep(work(participant)));
                carried(participant);
            }
        }
    }

    /** What was accepted for a round that went on without it counts in a later one. */
    void carryAccepted() {
        for (Participant participant : turn.all()) {
            Fact fact = participant.accepted();
            if (participant.standing() == Standing.ACCEPTED && fact != null) {
                turn.then(new Effect.GiveBack(work(participant), outcome(fact), List.of()));
                carried(participant);
            }
        }
    }

    private void carried(Participant participant) {
        turn.put(participant.standing() == Standing.CARRIED ? participant : participant.to(Standing.CARRIED));
    }

    /** Takes the task back from those who still work on it, and notes for all who are lost that it is too late. */
    void dismiss(List<Participant> unfinished, String why) {
        for (Participant participant : unfinished) {
            turn.giveUp(participant);
            turn.of(participant.client())
                    .filter(one -> one.standing() != Standing.LOST)
                    .ifPresent(one -> turn.put(one.to(Standing.LOST)));
            turn.then(new Effect.Working(participant.client(), false));
            turn.then(new Effect.Cancel(participant.client(), participant.task(), why));
        }
        List<TaskEnd> late = new ArrayList<>();
        for (Participant participant : turn.all()) {
            if (participant.standing() == Standing.LOST) {
                late.add(turn.end(participant, null, Fate.LATE, why));
                turn.then(new Effect.Discard(participant.task()));
            }
        }
        remember(late);
    }

    /** Keeps for agents that ask again what counted. */
    void rememberAccepted() {
        remember(turn.all().stream()
                .filter(one -> one.standing() == Standing.ACCEPTED)
                .map(this::counted)
                .toList());
    }

    TaskEnd counted(Participant participant) {
        return turn.end(participant, participant.digest(), Fate.ACCEPTED, null);
    }

    private void remember(List<TaskEnd> ends) {
        if (!ends.isEmpty()) {
            turn.then(new Effect.Remember(List.copyOf(ends)));
        }
    }

    private Work work(Participant participant) {
        Long most = turn.state().mostBytes;
        return new Work(
                participant.client(),
                participant.task(),
                participant.origin(),
                turn.order(),
                most == null ? Long.MAX_VALUE : most);
    }

    private static TaskOutcome outcome(Fact fact) {
        return new TaskOutcome(
                Objects.requireNonNull(fact.task()),
                Objects.requireNonNull(fact.task()),
                fact.examples(),
                fact.measured(),
                fact.digest(),
                fact.size(),
                fact.timings());
    }
}
