package io.foedus.web.fedn;

import io.foedus.controller.clients.boundary.ClientView;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.combiners.boundary.CombinerView;
import io.foedus.controller.combiners.boundary.Combiners;
import io.foedus.controller.events.boundary.EventView;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.listing.Query;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Events, which FEDn calls statuses. */
@Path("{alliance}/api/v1/statuses")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class StatusesResource extends FednCollection {
    @Inject
    Events events;

    @Inject
    Clients clients;

    @Inject
    Combiners combiners;

    @Override
    String key() {
        return "status_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        UUID alliance = alliance(Action.READ);
        Map<UUID, ClientView> clientsById = all(page -> clients.list(actor(), alliance, page)).stream()
                .collect(Collectors.toMap(ClientView::id, Function.identity()));
        Map<UUID, String> combinerNames = all(page -> combiners.list(actor(), page)).stream()
                .collect(Collectors.toMap(CombinerView::id, CombinerView::name));
        Query first = Query.first(Query.MOST).where("session", query.id("session_id"));
        return all(first, page -> events.list(alliance, page)).stream()
                .map(event -> document(event, sender(event, clientsById, combinerNames)))
                .toList();
    }

    private static Document sender(EventView event, Map<UUID, ClientView> clients, Map<UUID, String> combiners) {
        if (event.client() != null && clients.containsKey(event.client())) {
            return Node.client(clients.get(event.client()));
        }
        return event.combiner() != null && combiners.containsKey(event.combiner())
                ? Node.combiner(combiners.get(event.combiner()))
                : Node.controller();
    }

    private static Document document(EventView event, Document sender) {
        Object type = event.data().get("type");
        return new Document()
                .with("status_id", String.valueOf(event.id()))
                .with("status", event.message())
                .with("timestamp", event.at())
                .with("log_level", event.severity())
                .with("data", Document.json(event.data()).toString())
                .with("correlation_id", null)
                .with("type", type == null ? event.kind() : type)
                .with("extra", null)
                .with("session_id", event.session())
                .with("sender", sender)
                .with("committed_at", event.at())
                .with("updated_at", event.at());
    }
}
