package io.foedus.controller.insight.control;

import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.persistence.Sql;
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

    public void ofSession(Actor actor, UUID id) {
        require(actor, "session", "SELECT alliance_id FROM session WHERE id = :id", id);
    }

    public void ofClient(Actor actor, UUID id) {
        require(actor, "client", "SELECT alliance_id FROM client WHERE id = :id", id);
    }

    public void ofAlliance(Actor actor, UUID id) {
        AccessPolicy.require(actor, Action.READ, id, "alliance", id);
    }

    private void require(Actor actor, String thing, String alliance, UUID id) {
        UUID itsAlliance = Sql.of(entities, alliance)
                .with("id", id)
                .first(row -> row.id(0))
                .orElseThrow(() -> Refusal.unknown(thing, id));
        AccessPolicy.require(actor, Action.READ, itsAlliance, thing, id);
    }
}
