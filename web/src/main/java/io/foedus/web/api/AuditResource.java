package io.foedus.web.api;

import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.identity.boundary.AuditTrail;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.web.security.Caller;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/** Who changed what, for admins. */
@Path("audit")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class AuditResource {
    @Inject
    Caller caller;

    @Inject
    AuditTrail audit;

    @GET
    public Page<AuditTrail.Entry> list(@QueryParam("limit") Integer limit, @QueryParam("cursor") String cursor) {
        return audit.page(caller.actor(), Query.page(limit, cursor));
    }

    @GET
    @Path("verification")
    public AuditLog.Verification verify() {
        return audit.verify(caller.actor());
    }
}
