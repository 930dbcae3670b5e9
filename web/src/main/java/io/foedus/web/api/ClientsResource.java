package io.foedus.web.api;

import io.foedus.controller.clients.boundary.ClientView;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.clients.boundary.JoinRequest;
import io.foedus.controller.clients.boundary.Place;
import io.foedus.controller.clients.boundary.PlacementRequest;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.listing.Page;
import io.foedus.controller.rounds.boundary.ClientHistory;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;

/** Clients: agents join and ask for their place; people list, look at and revoke them. */
@Path("")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ClientsResource extends AllianceScope {
    @Inject
    Clients clients;

    @Inject
    ClientHistory history;

    @POST
    @Path("clients")
    public Response join(JoinRequest request) {
        return Response.status(201).entity(clients.join(actor(), request)).build();
    }

    @POST
    @Path("clients/{id}/placements")
    public Place place(@PathParam("id") UUID id, PlacementRequest request) {
        PlacementRequest wish = request == null ? new PlacementRequest(null, null, null) : request;
        return clients.place(actor(), id, wish);
    }

    @GET
    @Path("alliances/{alliance}/clients")
    public Page<ClientView> list() {
        return clients.list(actor(), alliance(Action.READ), page());
    }

    @GET
    @Path("alliances/{alliance}/clients/{id}")
    public ClientHistory.ClientStory get(@PathParam("id") UUID id) {
        return history.of(actor(), id);
    }

    @DELETE
    @Path("alliances/{alliance}/clients/{id}")
    public void revoke(@PathParam("id") UUID id) {
        clients.revoke(actor(), id);
    }
}
