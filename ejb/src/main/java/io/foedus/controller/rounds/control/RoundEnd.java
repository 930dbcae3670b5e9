package io.foedus.controller.rounds.control;

import io.foedus.controller.participation.boundary.Ledger;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.exchange.Severity;
import io.foedus.core.plan.Plan;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How a round ends, and what that means for its session. */
@Dependent
class RoundEnd {
    private static final Duration BEFORE_NEXT_ATTEMPT = Duration.ofMillis(500);

    @Inject
    Clock clock;

    @Inject
    Ledger ledger;

    @Inject
    Board board;

    @Inject
    MetricHistory history;

    /** The round is over with a model: the session goes on, or has reached its end. */
    void completed(Session session, Round round) {
        Instant now = clock.instant();
        ledger.close(round.id(), "ROUND_OVER");
        session.roundCompleted(now);
        board.tell(session, round, Severity.INFO, "completed", round.examples() + " examples");
        history.best(session).ifPresent(session::best);
        Optional<Plan.Stop> stop = session.plan().stop();
        if (stop.isPresent()
                && !session.state().over()
                && stop.get().after(history.of(session, stop.get().metric()))) {
            String why =
                    stop.get().metric() + " has not improved for " + stop.get().patience() + " rounds";
            session.finish(why, now);
            board.tell(session, Severity.INFO, "finished", "ended early: " + why);
        }
    }

    /** The round is over without a model: it is tried again, or the session has failed. */
    void fail(Session session, Round round, String why) {
        Instant now = clock.instant();
        round.fail(why, now);
        ledger.close(round.id(), "ROUND_FAILED");
        board.tell(session, round, Severity.WARNING, "failed", why);
        if (session.state().over()) {
            return;
        }
        int attempts = session.attempts(round.attempt());
        if (attempts > session.plan().retries()) {
            String reason = "round " + round.number() + " failed " + attempts + " times: " + why;
            session.fail(reason, round.attempt(), now);
            board.tell(session, Severity.ERROR, "failed", "failed: " + reason);
        } else if (session.state() == SessionState.RUNNING) {
            session.waits(
                    "attempt " + (round.attempt() + 1) + " at round " + round.number(),
                    now.plus(BEFORE_NEXT_ATTEMPT.multipliedBy(attempts)));
        }
    }

    void cancel(Session session, Round round, String why) {
        round.cancel(why, clock.instant());
        ledger.close(round.id(), "ROUND_CANCELLED");
        board.tell(session, round, Severity.INFO, "cancelled", String.valueOf(why));
    }
}
