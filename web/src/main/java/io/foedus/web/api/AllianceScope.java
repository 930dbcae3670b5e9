package io.foedus.web.api;

import io.foedus.controller.alliances.boundary.Alliances;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Query;
import io.foedus.web.security.Caller;
import jakarta.inject.Inject;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;

/** What all resources under {@code /api/alliances/{alliance}} share: the caller, the alliance, the page of a list. */
abstract class AllianceScope {
    @Inject
    Caller caller;

    @Inject
    Alliances alliances;

    @PathParam("alliance")
    String allianceName;

    @QueryParam("limit")
    Integer limit;

    @QueryParam("cursor")
    String cursor;

    Actor actor() {
        return caller.actor();
    }

    UUID alliance(Action action) {
        return alliances.idFor(actor(), allianceName, action);
    }

    Query page() {
        return Query.page(limit, cursor);
    }
}
