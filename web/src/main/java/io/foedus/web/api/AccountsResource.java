package io.foedus.web.api;

import io.foedus.controller.identity.boundary.Accounts;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.web.security.Caller;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Accounts of people. */
@Path("accounts")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class AccountsResource {
    @Inject
    Caller caller;

    @Inject
    Accounts accounts;

    /** A new account. */
    public record NewAccount(String name, String password, boolean admin) {}

    @GET
    public Page<Accounts.AccountView> list(@QueryParam("limit") Integer limit, @QueryParam("cursor") String cursor) {
        return accounts.list(caller.actor(), Query.page(limit, cursor));
    }

    @POST
    public Response create(NewAccount wish) {
        return Response.status(201)
                .entity(accounts.create(caller.actor(), wish.name(), wish.password(), wish.admin()))
                .build();
    }

    @PATCH
    @Path("{name}")
    public Accounts.AccountView change(@PathParam("name") String name, Accounts.Change change) {
        return accounts.change(caller.actor(), name, change);
    }
}
