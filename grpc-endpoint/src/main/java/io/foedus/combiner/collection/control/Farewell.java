package io.foedus.combiner.collection.control;

import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Participant;
import io.foedus.combiner.collection.entity.Standing;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.core.exchange.Fate;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What becomes of clients when a collection closes before they are done. */
final class Farewell {
    private static final Logger LOG = System.getLogger(Farewell.class.getName());

    private final Share share;

    Farewell(Share share) {
        this.share = share;
    }

    /** Takes the task back from everybody who still works on it. */
    void dismiss(String why) {
        Station station = share.station();
        List<Ledger.Line> late = new ArrayList<>();
        for (Participant participant : share.participants().all()) {
            if (participant.standing().outstanding()) {
                participant.to(Standing.LOST);
                station.attendance().working(participant.client(), false);
                station.registry()
                        .find(participant.client())
                        .ifPresent(agent -> agent.channel().cancel(participant.task(), why));
            }
            if (participant.standing() == Standing.LOST) {
                late.add(line(participant, null, Fate.LATE, why));
                try {
                    station.uploads().discard(participant.task());
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, "Cannot remove an upload: {0}", e.toString());
                }
            }
        }
        remember(late);
    }

    /** Lets everybody who still works on it work on for a later round. */
    void carryOver() {
        for (Participant participant : share.participants().all()) {
            if (participant.standing().outstanding()) {
                share.station().carry().keep(work(participant), null);
                participant.to(Standing.CARRIED);
            }
        }
    }

    /** What was accepted for a round that went on without it counts in a later one. */
    void carryAccepted() {
        for (Participant participant : share.participants().all()) {
            Fact fact = participant.accepted();
            if (participant.standing() == Standing.ACCEPTED && fact != null) {
                try {
                    share.station()
                            .uploads()
                            .giveBack(
                                    participant.task(),
                                    new Digest(Objects.requireNonNull(fact.digest())),
                                    share.spool().update(participant.client()));
                    share.station().carry().keep(work(participant), outcome(fact));
                    participant.to(Standing.CARRIED);
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "Cannot keep an update for a later round: {0}", e.toString());
                }
            }
        }
    }

    /** Keeps for agents that ask again what counted. */
    void rememberAccepted() {
        List<Ledger.Line> lines = new ArrayList<>();
        for (Participant participant : share.participants().all()) {
            if (participant.standing() == Standing.ACCEPTED) {
                lines.add(line(participant, participant.digest(), Fate.ACCEPTED, null));
            }
        }
        remember(lines);
    }

    private Carry.Work work(Participant participant) {
        long mostBytes = share.base().isDone() && !share.base().isCompletedExceptionally()
                ? share.base().join().mostBytes()
                : Long.MAX_VALUE;
        return new Carry.Work(participant.client(), participant.task(), participant.origin(), share.order(), mostBytes);
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

    private Ledger.Line line(Participant participant, @Nullable String digest, Fate fate, @Nullable String why) {
        return new Ledger.Line(
                participant.task(), participant.client(), share.order().roundId(), digest, fate, why);
    }

    private void remember(List<Ledger.Line> lines) {
        if (lines.isEmpty()) {
            return;
        }
        try {
            share.station().ledger().note(lines);
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "Cannot write the ledger: {0} round={1}",
                    e.toString(),
                    share.order().key());
        }
    }
}
