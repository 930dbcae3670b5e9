package io.foedus.web.fedn;

import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.listing.Query;
import io.foedus.controller.observations.boundary.Observations;
import io.foedus.controller.observations.boundary.Observations.Metric;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;

/** What clients log while they train. */
@Path("{alliance}/api/v1/metrics")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class MetricsResource extends FednCollection {
    @Inject
    Observations observations;

    @Override
    String key() {
        return "metric_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        UUID alliance = alliance(Action.READ);
        Query first = Query.first(Query.MOST).where("session", query.id("session_id"));
        return all(first, page -> observations.metrics(actor(), alliance, page)).stream()
                .map(MetricsResource::document)
                .toList();
    }

    private static Document document(Metric metric) {
        return new Document()
                .with("metric_id", metric.id())
                .with("key", metric.key())
                .with("value", metric.value())
                .with("timestamp", metric.at())
                .with(
                        "sender",
                        Node.client(
                                metric.client().clientId(),
                                metric.client().externalId(),
                                metric.client().name()))
                .with("model_id", metric.where().modelId())
                .with("step", metric.step())
                .with("round_id", metric.where().roundId())
                .with("session_id", metric.where().sessionId())
                .with("committed_at", metric.at())
                .with("updated_at", metric.at());
    }
}
