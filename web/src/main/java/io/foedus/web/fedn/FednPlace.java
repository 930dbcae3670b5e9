package io.foedus.web.fedn;

import io.foedus.controller.alliances.boundary.Alliances;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.web.security.Caller;
import jakarta.inject.Inject;
import jakarta.ws.rs.PathParam;
import java.util.UUID;

/** Whatever lies under an alliance of FEDn's API: who calls, and for which alliance. */
public abstract class FednPlace {
    @Inject
    Caller caller;

    @Inject
    Alliances alliances;

    @PathParam("alliance")
    String allianceName;

    Actor actor() {
        return caller.actor();
    }

    /** The alliance of the path, for somebody who may do this there. */
    UUID alliance(Action action) {
        return alliances.idFor(actor(), allianceName, action);
    }
}
