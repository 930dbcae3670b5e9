package io.foedus.web.api;

import io.foedus.controller.events.boundary.EventView;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.listing.Page;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.List;
import java.util.UUID;

/** What happened in an alliance, in pages and as a stream. */
@Path("alliances/{alliance}/events")
@RequestScoped
public class EventsResource extends AllianceScope {
    @Inject
    Events events;

    @Inject
    EventStreams streams;

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Page<EventView> list(
            @QueryParam("after") @DefaultValue("0") long after, @QueryParam("session") UUID session) {
        UUID alliance = alliance(Action.READ);
        List<EventView> found = events.after(alliance, after, session, page().limit());
        return new Page<>(found, null, events.count(alliance, after, session));
    }

    /** Goes on after the id in {@code Last-Event-ID}; from now on if there is none. */
    @GET
    @Path("stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void stream(@HeaderParam("Last-Event-ID") Long last, @Context SseEventSink sink, @Context Sse sse) {
        streams.open(actor().label(), alliance(Action.READ), last, sink, sse);
    }
}
