package io.foedus.web.api;

import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.clients.boundary.JoinRequest;
import io.foedus.controller.clients.boundary.Place;
import io.foedus.controller.clients.boundary.PlacementRequest;
import io.foedus.web.security.Caller;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;

/** Agents join and ask for their place. */
@Path("clients")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class PlacementsResource {
    @Inject
    Caller caller;

    @Inject
    Clients clients;

    @POST
    public Response join(JoinRequest request) {
        return Response.status(201)
                .entity(clients.join(caller.actor(), request))
                .build();
    }

    @POST
    @Path("{id}/placements")
    public Place place(@PathParam("id") UUID id, PlacementRequest request) {
        PlacementRequest wish = request == null ? new PlacementRequest(null, null, null) : request;
        return clients.place(caller.actor(), id, wish);
    }
}
