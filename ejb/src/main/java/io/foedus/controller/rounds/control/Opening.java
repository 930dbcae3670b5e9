package io.foedus.controller.rounds.control;

import io.foedus.controller.events.entity.Severity;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.round.RoundPhase;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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

    /** @return the round that was opened, or null */
    Round step(Session session) {
        Instant now = clock.instant();
        if (session.state().over() || session.startedAt() == null) {
            return null;
        }
        if (session.roundsCompleted() >= session.roundsPlanned()) {
            session.finish("all rounds are done", now);
            board.tell(session, Severity.INFO, "finished", "finished: all rounds are done");
            return null;
        }
        if (session.stopsAfterRound()) {
            session.finish("stopped after round " + session.roundsCompleted(), now);
            board.tell(session, Severity.INFO, "finished", "was stopped after round " + session.roundsCompleted());
            return null;
        }
        if (!session.wantsRounds()) {
            return null;
        }
        Round last = last(session);
        boolean again = last != null && last.phase() == RoundPhase.FAILED;
        if (again && session.nextCheck() != null && session.nextCheck().isAfter(now)) {
            return null;
        }
        int attached = RoundPlanner.clients(attendants.of(session));
        int needed = session.plan().minClients();
        if (attached < needed) {
            session.waits(lack(session, attached, needed), now.plus(LOOK_AGAIN));
            return null;
        }
        Round round = new Round(
                TimeOrderedId.next(clock),
                new Round.Place(session.id(), session.roundsCompleted() + 1, again ? last.attempt() + 1 : 1),
                session.modelId(),
                session.plan().selection().seed(),
                now);
        entities.persist(round);
        session.worksOn();
        return round;
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
