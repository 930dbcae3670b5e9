package io.foedus.web.fedn;

import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.packages.boundary.Packages;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;

/**
 * FEDn's helpers: which of its model formats is in use. Here a model says itself what it is, and the active package
 * carries the helper it was uploaded with.
 */
@Path("{alliance}/api/v1/helpers/active")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class HelpersResource extends FednPlace {
    static final List<String> NAMES = List.of("numpyhelper", "binaryhelper", "androidhelper");

    @Inject
    Packages packages;

    /** 0.33's programs take 400 for "none yet" and 404 for an unexpected error. */
    @GET
    public JsonValue active() {
        UUID alliance = alliance(Action.READ);
        return Json.createValue(packages.active(actor(), alliance)
                .map(active -> active.helper())
                .orElseThrow(() -> FednErrors.bad("No active helper")));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public JsonObject activate(JsonObject wish) {
        alliance(Action.OPERATE);
        if (!NAMES.contains(ClientsResource.text(wish, "helper"))) {
            throw FednErrors.bad("Helper is required to be either 'numpyhelper', 'binaryhelper' or 'androidhelper'");
        }
        return FednErrors.message("Active helper set");
    }
}
