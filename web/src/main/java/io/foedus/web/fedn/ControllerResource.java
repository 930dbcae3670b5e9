package io.foedus.web.fedn;

import io.foedus.controller.fedn.boundary.FednSessions;
import io.foedus.controller.identity.entity.Action;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;

/** Calls that belong to no collection. */
@Path("{alliance}")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class ControllerResource extends FednPlace {
    @Inject
    FednSessions sessions;

    /** {@code monitoring} while a session runs, else {@code idle}. */
    @GET
    @Path("get_controller_status")
    public JsonObject status() {
        UUID alliance = alliance(Action.READ);
        return new Document()
                .with("state", sessions.isBusy(actor(), alliance) ? "monitoring" : "idle")
                .json();
    }

    @POST
    @Path("api/v1/graphql")
    public JsonObject graphql() {
        alliance(Action.READ);
        throw FednErrors.notHere("There is no GraphQL; use the lists with their filters.");
    }

    @POST
    @Path("add_client")
    public Response addClient() {
        return FednErrors.answer(410, "This endpoint is deprecated. Use /api/v1/clients/add instead.");
    }

    @POST
    @Path("add_combiner")
    public Response addCombiner() {
        return FednErrors.answer(410, "FEDn's combiners cannot join; start `foedus combiner` instead.");
    }
}
