package io.foedus.web.api;

import io.foedus.controller.alliances.boundary.Alliances;
import io.foedus.controller.identity.boundary.Tokens;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.identity.TokenKind;
import io.foedus.web.security.Caller;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;

/** Tokens: made, listed without their text, revoked. */
@Path("tokens")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class TokensResource {
    @Inject
    Caller caller;

    @Inject
    Tokens tokens;

    @Inject
    Alliances alliances;

    /** What somebody asks for; the alliance by name. */
    public record Wish(String kind, String name, String alliance, Long expiresInSeconds, Integer maxUses) {}

    @POST
    public Response create(Wish wish) {
        UUID alliance =
                wish.alliance() == null ? null : alliances.idFor(caller.actor(), wish.alliance(), Action.OPERATE);
        Duration life = wish.expiresInSeconds() == null ? null : Duration.ofSeconds(wish.expiresInSeconds());
        return Response.status(201)
                .entity(tokens.create(
                        caller.actor(),
                        new Tokens.Wish(kind(wish.kind()), wish.name(), alliance, life, wish.maxUses())))
                .build();
    }

    @GET
    public Page<Tokens.TokenView> list(@QueryParam("alliance") String alliance) {
        UUID id = alliance == null ? null : alliances.idFor(caller.actor(), alliance, Action.OPERATE);
        return Page.of(tokens.list(caller.actor(), id), Query.first(Query.MOST));
    }

    @DELETE
    @Path("{id}")
    public void revoke(@PathParam("id") String id) {
        tokens.revoke(caller.actor(), id);
    }

    private static TokenKind kind(String text) {
        return Arrays.stream(TokenKind.values())
                .filter(kind ->
                        text == null ? kind == TokenKind.USER : kind.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> Refusal.unacceptable(
                        "BAD_TOKEN_KIND",
                        "There is no token kind '" + text + "'.",
                        "Ask for USER, JOIN or COMBINER_JOIN."));
    }
}
