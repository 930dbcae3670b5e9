package io.foedus.web.api;

import io.foedus.controller.clients.boundary.ClientView;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.listing.Page;
import io.foedus.controller.rounds.boundary.ClientHistory;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;

/** Clients of an alliance, for people: listed, looked at, revoked. */
@Path("alliances/{alliance}/clients")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ClientsResource extends AllianceScope {
    @Inject
    Clients clients;

    @Inject
    ClientHistory history;

    @GET
    public Page<ClientView> list() {
        return clients.list(actor(), alliance(Action.READ), page());
    }

    @GET
    @Path("{id}")
    public ClientHistory.ClientStory get(@PathParam("id") UUID id) {
        return history.of(actor(), id);
    }

    @DELETE
    @Path("{id}")
    public void revoke(@PathParam("id") UUID id) {
        clients.revoke(actor(), id);
    }
}
