package io.foedus.web.api;

import io.foedus.controller.participation.boundary.Claimant;
import io.foedus.controller.rounds.boundary.Shares;
import io.foedus.core.exchange.Claim;
import io.foedus.core.exchange.Claimed;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotices;
import io.foedus.core.exchange.ValidationNotices;
import io.foedus.web.security.Caller;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;

/** What combiners do in a round. */
@Path("rounds/{round}")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class RoundsResource {
    @Inject
    Caller caller;

    @Inject
    Shares shares;

    @PathParam("round")
    UUID round;

    @POST
    @Path("claims")
    public Claimed claim(Claim claim) {
        Claimant who = new Claimant(round, claim.kind(), claim.combinerId(), claim.epoch());
        return new Claimed(shares.claim(caller.actor(), round, who, claim.clients()));
    }

    @POST
    @Path("updates")
    public void updates(UpdateNotices notices) {
        Claimant who = new Claimant(round, TaskKind.TRAIN, notices.combinerId(), notices.epoch());
        shares.note(caller.actor(), round, who, notices.updates());
    }

    @POST
    @Path("validations")
    public void validations(ValidationNotices notices) {
        Claimant who = new Claimant(round, TaskKind.VALIDATE, notices.combinerId(), notices.epoch());
        shares.measured(caller.actor(), round, who, notices.validations());
    }

    @PUT
    @Path("shares/{combiner}")
    public void report(@PathParam("combiner") UUID combiner, ShareReport report) {
        shares.report(caller.actor(), round, combiner, report);
    }
}
