package io.foedus.web.api;

import io.foedus.controller.alliances.boundary.Alliances;
import io.foedus.controller.identity.boundary.Setup;
import io.foedus.controller.identity.boundary.SigningKeys;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.listing.Query;
import io.foedus.web.security.Caller;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The first account, who one is, and the installation's public key. */
@Path("")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class SelfResource {
    @Inject
    Caller caller;

    @Inject
    Setup setup;

    @Inject
    Alliances alliances;

    @Inject
    SigningKeys keys;

    /** Body of the first set-up. */
    public record First(String code, String name, String password) {}

    /** A membership of the caller. */
    public record Membership(String name, Role role) {}

    /**
     * Who the caller is.
     *
     * @param id of the account, client or combiner; null for who has not joined yet
     */
    public record Me(String kind, UUID id, String name, boolean admin, List<Membership> alliances) {}

    @POST
    @Path("setup")
    public Response setup(First first) {
        String account = setup.complete(first.code(), first.name(), first.password(), caller.address());
        return Response.status(201).entity(Map.of("account", account)).build();
    }

    @GET
    @Path("me")
    public Me me() {
        Actor actor = caller.actor();
        List<Membership> memberships = actor.is(Actor.Kind.ACCOUNT)
                ? alliances.list(actor, Query.first(Query.MOST)).items().stream()
                        .map(alliance -> new Membership(alliance.name(), alliance.role()))
                        .toList()
                : List.of();
        return new Me(actor.kind().name(), actor.id(), actor.name(), actor.admin(), memberships);
    }

    @GET
    @Path("public-key")
    public Map<String, String> publicKey() {
        return Map.of("algorithm", "Ed25519", "publicKey", keys.publicKey());
    }
}
