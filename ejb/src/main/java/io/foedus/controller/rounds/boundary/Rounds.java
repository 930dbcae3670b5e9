package io.foedus.controller.rounds.boundary;

import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.participation.boundary.ParticipationView;
import io.foedus.controller.participation.boundary.Participations;
import io.foedus.controller.participation.boundary.UpdateView;
import io.foedus.controller.participation.boundary.Updates;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.rounds.control.Attendants;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.controller.validation.boundary.ValidationView;
import io.foedus.controller.validation.boundary.Validations;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;

/** Shows rounds, with their shares, participants, updates and validations. */
@Stateless
public class Rounds {
    @Inject
    EntityManager entities;

    @Inject
    RoundList list;

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

    /**
     * Newest first; columns to sort and filter by: id, number, attempt, phase, examples, startedAt, finishedAt.
     * Participants, updates and validations are left out.
     */
    public Page<RoundView> list(Actor actor, UUID session, Query query) {
        requireReader(actor, session);
        return list.page(session, query);
    }

    /** The last attempt at a round, with its participants, updates and validations (the first 500 of each). */
    public RoundView get(Actor actor, UUID session, int number) {
        requireReader(actor, session);
        Query last = Query.first(1).where("number", String.valueOf(number)).sortedBy("attempt", true);
        RoundView round = list.page(session, last).items().stream()
                .findFirst()
                .orElseThrow(() -> Refusal.unknown("round", number));
        return whole(round);
    }

    /** A round by its id, whole. */
    public RoundView get(Actor actor, UUID id) {
        Round round = entities.find(Round.class, id);
        if (round == null) {
            throw Refusal.unknown("round", id);
        }
        requireReader(actor, round.sessionId());
        return whole(list.page(round.sessionId(), Query.first(1).where("id", id.toString()))
                .items()
                .get(0));
    }

    /** The updates of a round in pages, with the columns of {@link Updates}. */
    public Page<UpdateView> updates(Actor actor, UUID round, Query query) {
        requireReaderOfRound(actor, round);
        return updates.ofRound(round, query);
    }

    /** The validations of a round in pages, with the columns of {@link Validations}. */
    public Page<ValidationView> validations(Actor actor, UUID round, Query query) {
        requireReaderOfRound(actor, round);
        return validations.ofRound(round, query);
    }

    /** The validations of a session in pages, by round. */
    public Page<ValidationView> validationsOfSession(Actor actor, UUID session, Query query) {
        requireReader(actor, session);
        return validations.ofSession(session, query);
    }

    private RoundView whole(RoundView round) {
        List<ParticipationView> itsParticipants = participations.ofRound(round.id(), Query.MOST);
        List<UpdateView> itsUpdates =
                updates.ofRound(round.id(), Query.first(Query.MOST)).items();
        List<ValidationView> itsValidations =
                validations.ofRound(round.id(), Query.first(Query.MOST)).items();
        return round.with(itsParticipants, itsUpdates, itsValidations);
    }

    private void requireReaderOfRound(Actor actor, UUID id) {
        Round round = entities.find(Round.class, id);
        if (round == null) {
            throw Refusal.unknown("round", id);
        }
        requireReader(actor, round.sessionId());
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
