package io.foedus.web.api;

import io.foedus.controller.alliances.boundary.Policies;
import io.foedus.controller.alliances.entity.Policy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Role;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Objects;

/** What holds for every session and model of an alliance. */
@Path("alliances/{alliance}/policy")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class PolicyResource extends AllianceScope {
    @Inject
    Policies policies;

    /** The policy to set; what is left out stays. */
    public record Wish(Integer leastClients, Long maxExamples, Role download) {}

    @GET
    public Policy get() {
        return policies.of(actor(), alliance(Action.READ));
    }

    @PUT
    public Policy put(Wish wish) {
        Policy now = get();
        return policies.set(
                actor(),
                alliance(Action.OPERATE),
                Policies.policy(
                        Objects.requireNonNullElse(wish.leastClients(), now.leastClients()),
                        Objects.requireNonNullElse(wish.maxExamples(), now.maxExamples()),
                        Objects.requireNonNullElse(wish.download(), now.download())));
    }
}
