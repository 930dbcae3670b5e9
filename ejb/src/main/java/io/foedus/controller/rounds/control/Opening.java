package io.foedus.controller.rounds.control;

import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.exchange.Severity;
import io.foedus.core.models.Digest;
import io.foedus.core.round.RoundPhase;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What to do with a session that has no open round: open the next one, wait for clients, or end. */
@Dependent
class Opening {
    /** News of clients comes at once; this is for news that got lost. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    Attendants attendants;

    @Inject
    Board board;

    @Inject
    Supplies supplies;

    /** Whether the session is to begin a round now; ends it if it is at its end, has it wait if it lacks clients. */
    boolean isDue(Session session) {
        Instant now = clock.instant();
        if (session.state().over() || session.startedAt() == null) {
            return false;
        }
        if (session.roundsCompleted() >= session.roundsPlanned()) {
            session.finish("all rounds are done", now);
            board.tell(session, Severity.INFO, "finished", "finished: all rounds are done");
            return false;
        }
        if (session.stopsAfterRound()) {
            session.finish("stopped after round " + session.roundsCompleted(), now);
            board.tell(session, Severity.INFO, "finished", "was stopped after round " + session.roundsCompleted());
            return false;
        }
        if (!session.wantsRounds()) {
            return false;
        }
        Round last = last(session);
        if (isFailed(last) && session.nextCheck() != null && session.nextCheck().isAfter(now)) {
            return false;
        }
        int attached = attendants.count(session);
        int needed = session.plan().minClients();
        if (attached < needed) {
            String lack = lack(session, attached, needed);
            if (session.isOutOfPatience(now)) {
                giveUp(session, next(session), lack);
            } else {
                session.lacksClients(lack, now.plus(LOOK_AGAIN), now);
            }
            return false;
        }
        return true;
    }

    /** What has to be looked at before the next round may begin. */
    List<Digest> doubtful(Session session) {
        return supplies.doubtful(session, last(session));
    }

    /** Opens the next round, or fails the session if what the round would hand out is not as it was. */
    boolean open(Session session) {
        Optional<String> damage = supplies.damage(session);
        if (damage.isPresent()) {
            giveUp(session, next(session), damage.get());
            return false;
        }
        next(session);
        session.worksOn();
        return true;
    }

    private static boolean isFailed(Round round) {
        return round != null && round.phase() == RoundPhase.FAILED;
    }

    private Round next(Session session) {
        Round last = last(session);
        int attempt = isFailed(last) ? last.attempt() + 1 : 1;
        Round round = new Round(
                TimeOrderedId.next(clock),
                new Round.Place(session.id(), session.roundsCompleted() + 1, attempt),
                session.modelId(),
                session.plan().selection().seed(),
                clock.instant());
        entities.persist(round);
        return round;
    }

    private void giveUp(Session session, Round round, String lack) {
        round.fail(lack, clock.instant());
        board.tell(session, round, Severity.WARNING, "failed", lack);
        String why = "round " + round.number() + " could not begin: " + lack;
        session.fail(why, round.attempt(), clock.instant());
        board.tell(session, Severity.ERROR, "failed", "failed: " + why);
    }

    private static String lack(Session session, int attached, int needed) {
        String those = session.packageId() == null
                ? " needed clients that bring their own program are attached; the session has no package for agents"
                : " needed clients are attached";
        return attached + " of " + needed + those;
    }

    private Round last(Session session) {
        List<Round> rounds = entities.createQuery(
                        "SELECT r FROM Round r WHERE r.sessionId = :session ORDER BY r.number DESC, r.attempt DESC",
                        Round.class)
                .setParameter("session", session.id())
                .setMaxResults(1)
                .getResultList();
        return rounds.isEmpty() ? null : rounds.get(0);
    }
}
