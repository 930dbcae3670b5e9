package io.foedus.web.api;

import io.foedus.controller.participation.boundary.Claimant;
import io.foedus.controller.participation.boundary.Delivery;
import io.foedus.controller.participation.entity.TaskKind;
import io.foedus.controller.rounds.boundary.ShareReport;
import io.foedus.controller.rounds.boundary.Shares;
import io.foedus.controller.validation.boundary.Measured;
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
import java.util.List;
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

    /** Clients that a combiner wants. */
    public record Claim(UUID combinerId, long epoch, TaskKind kind, List<UUID> clients) {}

    /** Clients that it has. */
    public record Claimed(List<UUID> claimed) {}

    /** Fates of updates. */
    public record Fates(UUID combinerId, long epoch, List<Delivery> updates) {}

    /** What clients measured. */
    public record Validated(UUID combinerId, long epoch, List<Measured> validations) {}

    @POST
    @Path("claims")
    public Claimed claim(Claim claim) {
        TaskKind kind = claim.kind() == null ? TaskKind.TRAIN : claim.kind();
        Claimant who = new Claimant(round, kind, claim.combinerId(), claim.epoch());
        return new Claimed(shares.claim(caller.actor(), round, who, claim.clients()));
    }

    @POST
    @Path("updates")
    public void updates(Fates fates) {
        Claimant who = new Claimant(round, TaskKind.TRAIN, fates.combinerId(), fates.epoch());
        shares.note(caller.actor(), round, who, fates.updates());
    }

    @POST
    @Path("validations")
    public void validations(Validated validated) {
        Claimant who = new Claimant(round, TaskKind.VALIDATE, validated.combinerId(), validated.epoch());
        shares.measured(caller.actor(), round, who, validated.validations());
    }

    @PUT
    @Path("shares/{combiner}")
    public void report(@PathParam("combiner") UUID combiner, ShareReport report) {
        shares.report(caller.actor(), round, combiner, report);
    }
}
