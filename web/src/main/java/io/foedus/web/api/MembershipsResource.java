package io.foedus.web.api;

import io.foedus.controller.alliances.boundary.Alliances.MemberView;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.listing.Page;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Accounts' roles in an alliance. */
@Path("alliances/{alliance}/members")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class MembershipsResource extends AllianceScope {
    /** The role to give. */
    public record Wish(Role role) {}

    @GET
    public Page<MemberView> list() {
        return alliances.members(actor(), allianceName, page());
    }

    @PUT
    @Path("{account}")
    public MemberView put(@PathParam("account") String account, Wish wish) {
        return alliances.putMember(actor(), allianceName, account, wish.role());
    }

    @DELETE
    @Path("{account}")
    public void remove(@PathParam("account") String account) {
        alliances.removeMember(actor(), allianceName, account);
    }
}
