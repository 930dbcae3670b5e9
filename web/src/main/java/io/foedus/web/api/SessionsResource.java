package io.foedus.web.api;

import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.insight.boundary.SessionInsight;
import io.foedus.controller.insight.entity.CurvePoint;
import io.foedus.controller.insight.entity.MetricName;
import io.foedus.controller.insight.entity.Span;
import io.foedus.controller.listing.Page;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.rounds.boundary.RoundView;
import io.foedus.controller.rounds.boundary.Rounds;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.controller.sessions.entity.NewSession;
import io.foedus.controller.validation.boundary.ValidationView;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Sessions of an alliance, their controls and their rounds. */
@Path("alliances/{alliance}/sessions")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class SessionsResource extends AllianceScope {
    @Inject
    Sessions sessions;

    @Inject
    Rounds rounds;

    @Inject
    SessionInsight insight;

    /** When to stop: {@code now}, or after the {@code round} that is open. */
    public record Stop(String after) {}

    /** How many more rounds, and what deadline they have from now on; null leaves it. */
    public record Extension(Integer rounds, Double deadlineSeconds) {}

    @GET
    public Page<SessionView> list() {
        return sessions.list(actor(), alliance(Action.READ), page());
    }

    @POST
    public Response create(@HeaderParam("Idempotency-Key") String key, NewSession wish) {
        NewSession plan = wish == null ? new NewSession(null, null, null, null, Map.of(), false) : wish;
        return Response.status(201)
                .entity(sessions.createOnce(actor(), alliance(Action.OPERATE), plan, key))
                .build();
    }

    @GET
    @Path("{id}")
    public SessionView get(@PathParam("id") UUID id) {
        return sessions.get(actor(), id);
    }

    @POST
    @Path("{id}/start")
    @Consumes(MediaType.WILDCARD)
    public SessionView start(@PathParam("id") UUID id) {
        return sessions.start(actor(), id);
    }

    @POST
    @Path("{id}/pause")
    @Consumes(MediaType.WILDCARD)
    public SessionView pause(@PathParam("id") UUID id) {
        return sessions.pause(actor(), id);
    }

    @POST
    @Path("{id}/resume")
    @Consumes(MediaType.WILDCARD)
    public SessionView resume(@PathParam("id") UUID id) {
        return sessions.resume(actor(), id);
    }

    @POST
    @Path("{id}/stop")
    public SessionView stop(@PathParam("id") UUID id, Stop stop) {
        String after = stop == null || stop.after() == null ? "now" : stop.after();
        return switch (after) {
            case "now" -> sessions.stopNow(actor(), id);
            case "round" -> sessions.stopAfterRound(actor(), id);
            default -> throw Refusal.unacceptable("BAD_STOP", "after is '" + after + "'.", "Say \"now\" or \"round\".");
        };
    }

    @POST
    @Path("{id}/extensions")
    public SessionView extend(@PathParam("id") UUID id, Extension wish) {
        if (wish == null || wish.rounds() == null) {
            throw Refusal.unacceptable("NO_ROUNDS", "rounds is missing.", "Say how many more: {\"rounds\": 5}.");
        }
        return sessions.extend(actor(), id, wish.rounds(), wish.deadlineSeconds());
    }

    @GET
    @Path("{id}/rounds")
    public Page<RoundView> rounds(@PathParam("id") UUID id) {
        return rounds.list(actor(), id, page());
    }

    @GET
    @Path("{id}/rounds/{number}")
    public RoundView round(@PathParam("id") UUID id, @PathParam("number") int number) {
        return rounds.get(actor(), id, number);
    }

    @GET
    @Path("{id}/rounds/{number}/spans")
    @Operation(
            summary = "Who did what when in a round",
            description = "What combiners, the reducer and each client did in the last attempt at it, by their begin")
    public List<Span> spans(@PathParam("id") UUID id, @PathParam("number") int number) {
        return insight.spansOfRound(actor(), id, number);
    }

    @GET
    @Path("{id}/metrics")
    @Operation(
            summary = "What clients measured",
            description = "Names of the metrics in the newest validations, and whether clients differ in them")
    public List<MetricName> metrics(@PathParam("id") UUID id) {
        return insight.metrics(actor(), id);
    }

    @GET
    @Path("{id}/curve")
    @Operation(
            summary = "A metric by round",
            description =
                    "Minimum, quartiles, mean, weighted mean and maximum over clients; at most 160 points, each of"
                            + " the newest sixty rounds among them")
    public List<CurvePoint> curve(@PathParam("id") UUID id, @QueryParam("metric") String metric) {
        if (metric == null || metric.isBlank()) {
            throw Refusal.malformed("NO_METRIC", "metric is missing.", "Name one of the session's metrics: ?metric=…");
        }
        return insight.curve(actor(), id, metric);
    }

    @GET
    @Path("{id}/validations")
    public Page<ValidationView> validations(@PathParam("id") UUID id) {
        return rounds.validationsOfSession(actor(), id, page());
    }
}
