package io.foedus.web.api;

import io.foedus.controller.clients.boundary.Attendance;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.combiners.boundary.CombinerLog;
import io.foedus.controller.combiners.boundary.CombinerView;
import io.foedus.controller.combiners.boundary.Combiners;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.observations.boundary.Observations;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.rounds.boundary.CombinerDesk;
import io.foedus.core.exchange.AttachmentReport;
import io.foedus.core.exchange.CombinerEvents;
import io.foedus.core.exchange.Heartbeat;
import io.foedus.core.exchange.Introduction;
import io.foedus.core.exchange.KnownAlliance;
import io.foedus.core.exchange.KnownClient;
import io.foedus.core.exchange.Membership;
import io.foedus.core.exchange.ObservationReport;
import io.foedus.core.exchange.ShownToken;
import io.foedus.web.problems.Problem;
import io.foedus.web.problems.Problems;
import io.foedus.web.security.Caller;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;

/** Combiners: they register, beat, tell who is attached; admins list and drain them. */
@Path("combiners")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class CombinersResource {
    private static final Jsonb JSON = JsonbBuilder.create();

    @Inject
    Caller caller;

    @Inject
    Combiners combiners;

    @Inject
    CombinerDesk desk;

    @Inject
    Attendance attendance;

    @Inject
    Clients clients;

    @Inject
    CombinerLog log;

    @Inject
    Observations observations;

    /** What an admin may change. */
    public record Change(Boolean draining) {}

    @GET
    public Page<CombinerView> list(@QueryParam("limit") Integer limit, @QueryParam("cursor") String cursor) {
        return combiners.list(caller.actor(), Query.page(limit, cursor));
    }

    @POST
    public Response register(Introduction introduction) {
        return Response.status(201)
                .entity(combiners.register(caller.actor(), introduction))
                .build();
    }

    @PATCH
    @Path("{id}")
    public CombinerView change(@PathParam("id") UUID id, Change change) {
        return combiners.drain(caller.actor(), id, Boolean.TRUE.equals(change.draining()));
    }

    @POST
    @Path("{id}/registrations")
    public Membership registerAgain(@PathParam("id") UUID id, Introduction introduction) {
        return combiners.registerAgain(caller.actor(), id, introduction);
    }

    /** Answers when there is news or the heartbeat's time is over; no thread waits. */
    @POST
    @Path("{id}/heartbeats")
    public void beat(@PathParam("id") UUID id, Heartbeat beat, @Suspended AsyncResponse answer) {
        desk.hold(caller.actor(), id, beat)
                .whenComplete((orders, thrown) -> answer.resume(thrown == null ? orders : problem(thrown)));
    }

    @POST
    @Path("{id}/attachments")
    public void attachments(@PathParam("id") UUID id, AttachmentReport report) {
        attendance.report(caller.actor(), id, report);
    }

    @GET
    @Path("{id}/clients")
    public KnownClient client(@PathParam("id") UUID id, @QueryParam("externalId") String externalId) {
        KnownClient found = clients.byExternalId(caller.actor(), externalId);
        if (found == null) {
            throw Refusal.unknown("client", externalId);
        }
        return found;
    }

    /** The token is in the body, where no log of addresses shows it. */
    @POST
    @Path("{id}/join-tokens")
    public KnownAlliance joinToken(@PathParam("id") UUID id, ShownToken shown) {
        return clients.byJoinToken(caller.actor(), shown.token());
    }

    @POST
    @Path("{id}/events")
    public void events(@PathParam("id") UUID id, CombinerEvents notices) {
        if (notices == null || notices.events() == null) {
            throw Refusal.malformed("NO_EVENTS", "events is missing.", "Send {\"events\": […]}.");
        }
        log.add(caller.actor(), id, notices.events());
    }

    @POST
    @Path("{id}/observations")
    public void observations(@PathParam("id") UUID id, ObservationReport logged) {
        observations.report(caller.actor(), logged);
    }

    /** The request is over when this is told, so the mapper of exceptions cannot do it. */
    private static Response problem(Throwable thrown) {
        Problem problem = Problems.of(thrown);
        Response.ResponseBuilder response =
                Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(JSON.toJson(problem.json("")));
        problem.headers().forEach(response::header);
        return response.build();
    }
}
