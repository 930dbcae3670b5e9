package io.foedus.controller.insight.control;

import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.refusals.Refusal;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.UUID;

/** Settles whether the actor may see an object, by the alliance that the object's own row names. */
@Dependent
public class Sight {
    @Inject
    EntityManager entities;

    /** @return the session's alliance */
    public UUID ofSession(Actor actor, UUID id) {
        return of(actor, "session", "SELECT alliance_id FROM session WHERE id = CAST(?1 AS uuid)", id);
    }

    /** @return the alliance of the round's session */
    public UUID ofRound(Actor actor, UUID id) {
        return of(
                actor,
                "round",
                "SELECT s.alliance_id FROM round r JOIN session s ON s.id = r.session_id WHERE r.id = CAST(?1 AS uuid)",
                id);
    }

    /** @return the model's alliance */
    public UUID ofModel(Actor actor, UUID id) {
        return of(actor, "model", "SELECT alliance_id FROM model WHERE id = CAST(?1 AS uuid)", id);
    }

    /** @return the client's alliance */
    public UUID ofClient(Actor actor, UUID id) {
        return of(actor, "client", "SELECT alliance_id FROM client WHERE id = CAST(?1 AS uuid)", id);
    }

    /** @return the alliance itself */
    public UUID ofAlliance(Actor actor, UUID id) {
        AccessPolicy.require(actor, Action.READ, id, "alliance", id);
        return id;
    }

    private UUID of(Actor actor, String thing, String sql, UUID id) {
        UUID alliance = Rows.of(entities, sql, row -> row.id(0), id).stream()
                .findFirst()
                .orElseThrow(() -> Refusal.unknown(thing, id));
        AccessPolicy.require(actor, Action.READ, alliance, thing, id);
        return alliance;
    }
}
