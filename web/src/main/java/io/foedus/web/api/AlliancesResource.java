package io.foedus.web.api;

import io.foedus.controller.alliances.boundary.Alliances;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.web.security.Caller;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Alliances. */
@Path("alliances")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class AlliancesResource {
    @Inject
    Caller caller;

    @Inject
    Alliances alliances;

    /** An alliance to make, or what to change of one. */
    public record Wish(String name, String title, String description) {}

    @GET
    public Page<Alliances.AllianceView> list(@QueryParam("limit") Integer limit, @QueryParam("cursor") String cursor) {
        return alliances.list(caller.actor(), Query.page(limit, cursor));
    }

    @POST
    public Response create(Wish wish) {
        return Response.status(201)
                .entity(alliances.create(caller.actor(), wish.name(), wish.title(), wish.description()))
                .build();
    }

    @GET
    @Path("{alliance}")
    public Alliances.AllianceView get(@PathParam("alliance") String name) {
        return alliances.get(caller.actor(), name);
    }

    @PATCH
    @Path("{alliance}")
    public Alliances.AllianceView change(@PathParam("alliance") String name, Wish wish) {
        return alliances.describe(caller.actor(), name, wish.title(), wish.description());
    }

    @DELETE
    @Path("{alliance}")
    public void delete(@PathParam("alliance") String name) {
        alliances.delete(caller.actor(), name);
    }
}
