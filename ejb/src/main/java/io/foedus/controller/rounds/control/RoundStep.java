package io.foedus.controller.rounds.control;

import io.foedus.controller.participation.boundary.Participations;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundPolicy;
import io.foedus.core.round.Tally;
import io.foedus.core.round.Verdict;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What to do with a round in a phase: one method per phase, each true if the round moved and should be looked at again
 * at once. Runs under the lock of the session's row.
 */
@Dependent
public class RoundStep {
    /** News comes at once; this is for news that got lost. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private static final Duration SOON = Duration.ofSeconds(1);

    @Inject
    Clock clock;

    @Inject
    Attendants attendants;

    @Inject
    Board board;

    @Inject
    RoundEnd end;

    @Inject
    Rescue rescue;

    @Inject
    Counting counting;

    @Inject
    Participations participations;

    @Inject
    Hearing hearing;

    /** Offers a share to each combiner that holds clients. */
    boolean planned(Session session, Round round) {
        Instant now = clock.instant();
        List<RoundPlanner.Allotment> shares = RoundPlanner.training(session.plan(), attendants.of(session));
        if (shares.isEmpty()) {
            round.lookAgain(now.plus(LOOK_AGAIN));
            return false;
        }
        board.offer(round, TaskKind.TRAIN, shares);
        round.train(now.plus(RoundPlanner.policy(session.plan()).maxWait()), now);
        lookAgain(round, now);
        board.tell(
                session,
                round,
                Severity.INFO,
                "training",
                shares.stream().mapToInt(RoundPlanner.Allotment::clients).sum() + " clients at " + shares.size()
                        + (shares.size() == 1 ? " combiner" : " combiners")
                        + (round.attempt() > 1 ? ", attempt " + round.attempt() : ""));
        return false;
    }

    /** Judges the shares by the plan's policy. */
    boolean training(Session session, Round round) {
        Instant now = clock.instant();
        List<Share> shares = board.locked(round.id(), TaskKind.TRAIN);
        Tally tally = shares.stream().map(Share::settled).reduce(Tally.NONE, Tally::plus);
        RoundPolicy policy = RoundPlanner.policy(session.plan());
        Verdict verdict = verdict(round, shares, tally, policy);
        return switch (verdict) {
            case WAIT -> {
                lookAgain(round, now);
                yield false;
            }
            case CLOSE -> {
                String left = shares.stream().anyMatch(Share::open) ? ": " + hearing.story(round, shares) : "";
                board.withdraw(shares, "the round was closed");
                round.reduce(counting.of(round).examples(), now);
                board.tell(session, round, Severity.INFO, "reducing", tally.accepted() + " updates" + left);
                yield true;
            }
            case ABORT -> {
                if (rescue.hopes(
                        session, round, shares, policy.minUpdates() - tally.accepted() - tally.outstanding())) {
                    round.lookAgain(now.plus(SOON));
                    yield false;
                }
                String why =
                        reason(policy, tally, participations.failed(round.id())) + ": " + hearing.story(round, shares);
                board.withdraw(shares, "the round failed");
                end.fail(session, round, why);
                yield true;
            }
        };
    }

    /** What the policy says; where time alone decides, only when the combiners have been heard. */
    private Verdict verdict(Round round, List<Share> shares, Tally tally, RoundPolicy policy) {
        Verdict timeless = policy.judge(tally, Duration.ZERO);
        Verdict verdict = policy.judge(tally, Duration.between(round.trainingAt(), clock.instant()));
        boolean enough = tally.accepted() >= policy.minUpdates();
        Instant over = round.trainingAt().plus(enough ? policy.minWait() : policy.maxWait());
        return timeless != Verdict.WAIT || verdict == Verdict.WAIT || hearing.isDone(round, shares, over)
                ? verdict
                : Verdict.WAIT;
    }

    /** Ends the round when all that were asked have measured, or at the deadline. */
    boolean validating(Session session, Round round) {
        Instant now = clock.instant();
        List<Share> shares = board.locked(round.id(), TaskKind.VALIDATE);
        boolean outstanding = shares.stream().anyMatch(Share::open);
        if (outstanding && (now.isBefore(round.deadline()) || !hearing.isDone(round, shares, round.deadline()))) {
            lookAgain(round, now);
            return false;
        }
        board.withdraw(shares, "the validation was closed");
        round.complete(now);
        end.completed(session, round);
        return true;
    }

    /** The session was stopped: whatever the round is doing ends. */
    void cancel(Session session, Round round) {
        board.withdraw(board.locked(round.id(), TaskKind.TRAIN), "the session was stopped");
        board.withdraw(board.locked(round.id(), TaskKind.VALIDATE), "the session was stopped");
        end.cancel(session, round, session.reason());
    }

    /** At the deadline, and every few seconds: while combiners are being heard the deadline has passed. */
    private static void lookAgain(Round round, Instant now) {
        Instant soon = now.plus(round.deadline().isAfter(now) ? LOOK_AGAIN : SOON);
        round.lookAgain(round.deadline().isBefore(soon) && round.deadline().isAfter(now) ? round.deadline() : soon);
    }

    /** @param failed how many of those that a tally calls lost said themselves that they failed */
    private static String reason(RoundPolicy policy, Tally tally, int failed) {
        int told = Math.min(failed, tally.lost());
        return tally.accepted() + " of at least " + policy.minUpdates() + " updates were accepted (" + tally.rejected()
                + " rejected, " + (told > 0 ? told + " failed, " : "") + (tally.lost() - told) + " lost)";
    }
}
