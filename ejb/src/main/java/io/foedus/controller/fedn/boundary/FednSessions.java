package io.foedus.controller.fedn.boundary;

import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.persistence.Sql;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.rounds.boundary.Rounds;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.controller.sessions.entity.Session;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;

/**
 * Starts sessions in FEDn's manner: one at a time in an alliance, only when the clients that it needs are there, and a
 * session that lacks clients for as long as a round may take has failed instead of waiting on. Programs written for
 * FEDn poll until a session has ended, so it must end.
 */
@Stateless
public class FednSessions {
    @Inject
    EntityManager entities;

    @Inject
    Sessions sessions;

    @Inject
    Rounds rounds;

    /**
     * How a session is started.
     *
     * @param deadlineSeconds longest time of a round from now on; null leaves it as it is
     * @param modelPrefix what its models' names begin with; null for the session's name
     */
    public record Start(int rounds, Double deadlineSeconds, String modelPrefix) {}

    /**
     * Starts it, or goes on with one that has ended, for so many more rounds.
     *
     * @throws Refusal {@code SESSION_RUNNING} while any session of the alliance runs, {@code TOO_FEW_CLIENTS}, and as
     *     {@link Sessions#extend}
     */
    public SessionView start(Actor actor, UUID id, Start how) {
        SessionView session = sessions.get(actor, id);
        UUID alliance = entities.find(Session.class, id).allianceId();
        AccessPolicy.require(actor, Action.OPERATE, alliance, "session", id);
        lock(alliance);
        running(alliance).stream().findFirst().ifPresent(name -> {
            throw Refusal.conflict(
                    "SESSION_RUNNING",
                    "A session is already running!",
                    "Wait until '" + name + "' has finished, or stop it.");
        });
        int attending = rounds.attending(actor, id);
        if (attending < session.plan().minClients()) {
            throw Refusal.conflict(
                    "TOO_FEW_CLIENTS",
                    "Number of available clients is lower than the required minimum of "
                            + session.plan().minClients() + ": there are " + attending + ".",
                    "Start more clients, or make a session that needs fewer.");
        }
        SessionView started = sessions.extend(actor, id, how.rounds(), how.deadlineSeconds());
        entities.find(Session.class, id)
                .behaveAsFedns(how.modelPrefix(), started.plan().deadline());
        return started;
    }

    /** Whether a session of the alliance has begun and not ended. */
    public boolean isBusy(Actor actor, UUID alliance) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        return !running(alliance).isEmpty();
    }

    /** So that of two starts at once one sees the other. */
    private void lock(UUID alliance) {
        Sql.of(entities, "SELECT id FROM alliance WHERE id = :alliance FOR NO KEY UPDATE")
                .with("alliance", alliance)
                .any();
    }

    private List<String> running(UUID alliance) {
        return entities.createQuery("""
                        SELECT s.name FROM Session s
                        WHERE s.allianceId = :alliance
                          AND s.state IN (io.foedus.controller.sessions.entity.SessionState.RUNNING,
                                          io.foedus.controller.sessions.entity.SessionState.PAUSED)
                        ORDER BY s.startedAt""", String.class)
                .setParameter("alliance", alliance)
                .getResultList();
    }
}
