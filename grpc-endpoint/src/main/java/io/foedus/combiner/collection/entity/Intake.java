package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.UpdateNotice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes results in: duplicate or not, acceptable or not, durable, then counted. */
final class Intake {
    private final Turn turn;
    private final Course course;

    Intake(Turn turn, Course course) {
        this.turn = turn;
        this.course = course;
    }

    void delivered(Event.Delivered event) {
        TaskOutcome outcome = event.outcome();
        Participant participant = turn.of(event.client()).orElse(null);
        if (participant == null || !participant.task().equals(outcome.task())) {
            answer(event, new Receipt(Fate.LATE, "the task is not part of this round"));
            return;
        }
        boolean open = turn.state().phase.open();
        switch (participant.standing()) {
            case CARRIED -> turn.then(new Effect.PassOn(List.of(event.reply()), participant.client(), outcome));
            case REJECTED -> answer(event, Objects.requireNonNull(participant.settled()));
            case ACCEPTED -> again(event, participant, open);
            case EXAMINED -> again(event, participant, true);
            case FAILED -> {
                if (open) {
                    answer(event, Objects.requireNonNull(participant.settled()));
                } else {
                    late(event);
                }
            }
            case ASKED, LOST -> {
                if (open) {
                    examine(event, participant);
                } else {
                    late(event);
                }
            }
        }
    }

    private void answer(Event.Delivered event, Receipt receipt) {
        turn.then(new Effect.Answer(List.of(event.reply()), receipt));
    }

    /** The same result again gets the same answer; another one is a duplicate. */
    private void again(Event.Delivered event, Participant participant, boolean open) {
        if (!Objects.equals(participant.digest(), event.outcome().digest())) {
            if (open) {
                turn.notice(event.client(), event.outcome(), Fate.DUPLICATE, "DUPLICATE", null);
            }
            answer(
                    event,
                    new Receipt(
                            Fate.DUPLICATE,
                            open
                                    ? "another result of this client is here already"
                                    : "another result of this client counts"));
        } else if (participant.standing() == Standing.EXAMINED) {
            turn.put(participant.with(
                    Objects.requireNonNull(participant.attempt()).also(event.reply())));
        } else {
            answer(event, Receipt.ACCEPTED);
        }
    }

    private void late(Event.Delivered event) {
        turn.state().discarded++;
        turn.notice(event.client(), event.outcome(), Fate.LATE, "LATE", "the round had closed");
        answer(event, new Receipt(Fate.LATE, "the round has closed"));
    }

    private void examine(Event.Delivered event, Participant participant) {
        TaskOutcome outcome = event.outcome();
        boolean training = turn.state().training();
        if (training && !event.uploaded()) {
            answer(
                    event,
                    new Receipt(
                            Fate.REJECTED,
                            "NOT_UPLOADED: the announced update is not here; upload it and report again"));
            return;
        }
        Participant examined = turn.put(participant.to(Standing.EXAMINED).with(new Attempt(outcome, event.reply())));
        Optional<Refusal> count =
                Refusal.ofExamples(outcome.examples(), turn.order().maxExamples());
        if (count.isPresent()) {
            refuse(examined, outcome, count.get());
        } else if (training) {
            turn.then(new Effect.Examine(event.client(), outcome));
        } else {
            pass(examined, outcome);
        }
    }

    void examined(Event.Examined event) {
        event.cast().ifPresent(how -> tellCast(event.client(), how));
        Participant participant = turn.of(event.client()).orElse(null);
        Attempt attempt = participant == null ? null : participant.attempt();
        if (participant == null || attempt == null) {
            return;
        }
        if (participant.standing() == Standing.CARRIED) {
            turn.then(new Effect.PassOn(attempt.replies(), event.client(), attempt.outcome()));
            turn.put(participant.with(attempt.answered()));
        } else if (participant.standing() != Standing.EXAMINED) {
            turn.notice(event.client(), attempt.outcome(), Fate.LATE, "LATE", null);
            turn.answer(participant, Turn.OVERTAKEN);
        } else if (event.refusal().isPresent()) {
            refuse(participant, attempt.outcome(), event.refusal().get());
        } else {
            pass(participant, attempt.outcome());
        }
    }

    private void tellCast(UUID client, String how) {
        turn.then(new Effect.AnnounceOnce(
                "cast in " + turn.order().sessionId(),
                new CombinerEvent(
                        Severity.INFO,
                        "UPDATE_CAST",
                        "updates come in other dtypes than the model has, and are cast to the model's: " + how,
                        client,
                        turn.order().roundId(),
                        Map.of())));
    }

    private void refuse(Participant participant, TaskOutcome outcome, Refusal refusal) {
        turn.settle(participant, Fate.REJECTED, refusal.toString());
        turn.then(new Effect.Discard(outcome.upload()));
        turn.notice(participant.client(), outcome, Fate.REJECTED, refusal.code(), refusal.sentence());
        turn.answer(participant, new Receipt(Fate.REJECTED, refusal.toString()));
        course.judge();
    }

    private void pass(Participant participant, TaskOutcome outcome) {
        turn.put(participant.with(Objects.requireNonNull(participant.attempt()).asPassed()));
        if (turn.state().training()) {
            turn.then(new Effect.TakeOver(participant.client(), outcome));
        }
        if (!turn.state().committing) {
            turn.state().committing = true;
            turn.then(new Effect.Soon(new Event.CommitDue())); // those that pass meanwhile share its force to disk
        }
    }

    void unreadable(Event.Unreadable event) {
        Participant participant = turn.of(event.client()).orElse(null);
        if (participant == null || participant.attempt() == null) {
            return;
        }
        turn.answer(
                participant,
                new Receipt(Fate.REJECTED, "NOT_UPLOADED: the combiner could not read the update; send it again"));
        Participant anew = participant.with((Attempt) null);
        turn.put(anew.standing() == Standing.EXAMINED ? anew.to(Standing.ASKED) : anew);
        turn.then(new Effect.Discard(participant.task()));
    }

    void givenUp(Event.GivenUp event) {
        TaskTrouble trouble = event.trouble();
        Participant participant = turn.of(event.client()).orElse(null);
        if (participant == null
                || !turn.state().phase.open()
                || !participant.task().equals(trouble.task())
                || participant.standing() != Standing.ASKED && participant.standing() != Standing.LOST) {
            return;
        }
        turn.settle(participant, Fate.FAILED, trouble.reason() + ": " + trouble.message());
        turn.then(new Effect.Notify(new UpdateNotice(
                event.client(),
                null,
                0,
                0,
                Fate.FAILED,
                trouble.reason(),
                trouble.message(),
                trouble.logTail(),
                Map.of(),
                trouble.timings())));
        turn.then(new Effect.Look(Duration.ZERO));
    }

    // ---- making it durable

    void commitDue() {
        turn.state().committing = false;
        commit();
    }

    /** Has made durable what has passed. */
    void commit() {
        List<Fact> facts =
                turn.all().stream().filter(Participant::passed).map(this::fact).toList();
        if (!facts.isEmpty()) {
            turn.then(new Effect.Commit(facts));
        }
    }

    /** Whether something has passed and may still become durable. */
    boolean pending() {
        return !turn.state().unwritable && turn.all().stream().anyMatch(Participant::passed);
    }

    private Fact fact(Participant participant) {
        TaskOutcome outcome = Objects.requireNonNull(participant.attempt()).outcome();
        return Fact.accepted(participant.client(), outcome, older(participant));
    }

    /** What a participant started from, if it was another model than this round's. */
    private @Nullable Origin older(Participant participant) {
        return participant.origin().equals(Origin.of(turn.order())) ? null : participant.origin();
    }

    /** From here on an update counts. */
    void committed(Event.Committed event) {
        turn.state().unwritable = false;
        for (Fact fact : event.facts()) {
            turn.apply(fact, false);
            Participant participant =
                    turn.of(Objects.requireNonNull(fact.client())).orElseThrow();
            turn.then(new Effect.Working(participant.client(), false));
            turn.answer(participant, Receipt.ACCEPTED);
        }
        course.judge();
    }

    void notCommitted() {
        turn.state().unwritable = true;
        if (!turn.state().committing) {
            turn.state().committing = true;
            turn.then(new Effect.Later(Duration.ofSeconds(1), new Event.CommitDue()));
        }
        course.judge();
    }
}
