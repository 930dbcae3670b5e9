package io.foedus.controller.rounds.control;

import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.events.entity.Event.About;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.controller.rounds.control.RoundPlanner.Allotment;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.TaskKind;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The shares of rounds: offering, withdrawing, finding them, and telling everybody. */
@Dependent
public class Board {
    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    News news;

    @Inject
    Events events;

    void offer(Round round, TaskKind kind, List<Allotment> allotments) {
        for (Allotment allotment : allotments) {
            entities.persist(new Share(
                    TimeOrderedId.next(clock),
                    round.id(),
                    kind,
                    allotment.combiner().party(),
                    allotment.clients(),
                    clock.instant()));
            news.tell(Topic.COMBINER, allotment.combiner().party().combiner());
        }
        news.tell(Topic.ROUND, round.id());
    }

    /** The shares of that kind; all shares of the round are locked until the transaction ends, in their one order. */
    public List<Share> locked(UUID round, TaskKind kind) {
        List<Share> all = entities.createQuery(
                        "SELECT s FROM Share s WHERE s.roundId = :round ORDER BY s.id", Share.class)
                .setParameter("round", round)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList();
        return all.stream().filter(share -> share.kind() == kind).toList();
    }

    /** Has a combiner ask more clients. */
    void widen(Share share, int clients) {
        share.widen(clients);
        news.tell(Topic.COMBINER, share.combinerId());
    }

    /** Combiners that have reported a session's last round hear that nobody needs what they keep of it. */
    @SuppressWarnings("unchecked")
    void release(Session session) {
        List<UUID> combiners = entities.createNativeQuery(
                        "SELECT DISTINCT h.combiner_id FROM share h WHERE h.round_id ="
                                + " (SELECT r.id FROM round r WHERE r.session_id = ?1 ORDER BY r.number DESC, r.attempt DESC"
                                + " LIMIT 1)")
                .setParameter(1, session.id())
                .getResultList();
        combiners.forEach(combiner -> news.tell(Topic.COMBINER, combiner));
    }

    /** Takes open shares back; their combiners hear of it. */
    void withdraw(List<Share> shares, String why) {
        for (Share share : shares) {
            if (share.open()) {
                share.cancel(why);
                news.tell(Topic.COMBINER, share.combinerId());
            }
        }
    }

    void tell(Session session, Round round, Severity severity, String what, String message) {
        news.tell(Topic.ROUND, round.id());
        news.tell(Topic.SESSION, session.id());
        events.add(
                severity,
                "round." + what,
                "round " + round.number() + " of " + session.name() + ": " + message,
                About.round(session.allianceId(), session.id(), round.id()),
                Map.of("number", round.number(), "attempt", round.attempt()));
    }

    void tell(Session session, Severity severity, String what, String message) {
        news.tell(Topic.SESSION, session.id());
        events.add(
                severity,
                "session." + what,
                "session " + session.name() + " " + message,
                About.session(session.allianceId(), session.id()));
    }
}
