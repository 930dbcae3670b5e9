package io.foedus.web.fedn;

import io.foedus.controller.clients.boundary.ClientView;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.identity.entity.Action;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The latest sample of each client, a value an entry; the history is in charts and at {@code /metrics}. */
@Path("{alliance}/api/v1/telemetry")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class TelemetryResource extends FednCollection {
    @Inject
    Clients clients;

    @Override
    String key() {
        return "telemetry_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        UUID alliance = alliance(Action.READ);
        return all(page -> clients.list(actor(), alliance, page)).stream()
                .flatMap(TelemetryResource::documents)
                .toList();
    }

    private static Stream<Document> documents(ClientView client) {
        return client.telemetry().entrySet().stream()
                .filter(value -> value.getValue() instanceof Number)
                .map(value -> new Document()
                        .with("telemetry_id", client.id() + ":" + value.getKey())
                        .with("key", value.getKey())
                        .with("value", value.getValue())
                        .with("timestamp", client.lastSeenAt())
                        .with("sender", Node.client(client))
                        .with("committed_at", client.lastSeenAt())
                        .with("updated_at", client.lastSeenAt()));
    }
}
