package io.foedus.controller.rounds.boundary;

import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.participation.boundary.Participations;
import io.foedus.controller.participation.boundary.Updates;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.rounds.control.Attendants;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.controller.validation.boundary.ValidationView;
import io.foedus.controller.validation.boundary.Validations;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.UUID;

/** Shows rounds, with their shares, participants, updates and validations. */
@Stateless
public class Rounds {
    private static final int MOST = 1_000;

    @Inject
    EntityManager entities;

    @Inject
    RoundRows rows;

    @Inject
    Attendants attendants;

    @Inject
    Participations participations;

    @Inject
    Updates updates;

    @Inject
    Validations validations;

    /** How many clients could take part in the session's next round if it began now. */
    public int attending(Actor actor, UUID session) {
        return attendants.count(requireReader(actor, session));
    }

    /** Newest first, with all metrics. Participants, updates and validations are left out, as in all lists. */
    public Page<RoundView> list(Actor actor, UUID session, Query query) {
        requireReader(actor, session);
        return rows.ofSession(session, query);
    }

    /**
     * Newest first, with one metric only; columns to sort and filter by: number, phase, examples, seconds, and mean,
     * that of the metric over the clients.
     */
    public Page<RoundView> list(Actor actor, UUID session, String metric, Query query) {
        requireReader(actor, session);
        return rows.ofSession(session, metric, query);
    }

    /** Rounds of all sessions, newest first, without metrics; columns to filter by: session. */
    public Page<RoundView> ofAlliance(Actor actor, UUID alliance, Query query) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        return rows.ofAlliance(alliance, query);
    }

    /** The last attempt at a round, with its participants, updates and validations (the first thousand of each). */
    public RoundView get(Actor actor, UUID session, int number) {
        requireReader(actor, session);
        RoundView round = rows.last(session, number);
        if (round == null) {
            throw Refusal.unknown("round", number);
        }
        return whole(round);
    }

    /** A round by its id, whole. */
    public RoundView get(Actor actor, UUID id) {
        RoundView round = rows.one(id);
        if (round == null) {
            throw Refusal.unknown("round", id);
        }
        requireReader(actor, round.session());
        return whole(round);
    }

    /** The validations of a session in pages, by round. */
    public Page<ValidationView> validationsOfSession(Actor actor, UUID session, Query query) {
        requireReader(actor, session);
        return validations.ofSession(session, query);
    }

    private RoundView whole(RoundView round) {
        return round.with(
                participations.ofRound(round.id(), MOST),
                updates.ofRound(round.id(), MOST),
                validations.ofRound(round.id(), MOST));
    }

    private Session requireReader(Actor actor, UUID id) {
        Session session = entities.find(Session.class, id);
        if (session == null) {
            throw Refusal.unknown("session", id);
        }
        AccessPolicy.require(actor, Action.READ, session.allianceId(), "session", id);
        return session;
    }
}
