package io.foedus.web.fedn;

import io.foedus.controller.fedn.boundary.Records;
import io.foedus.controller.fedn.boundary.ValidationRecord;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.listing.Query;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;

/** What clients found about models; the metrics are text, as FEDn keeps them. */
@Path("{alliance}/api/v1/validations")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class ValidationsResource extends FednCollection {
    @Inject
    Records records;

    @Override
    String key() {
        return "validation_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        UUID alliance = alliance(Action.READ);
        Query first = Query.first(Query.MOST)
                .where("id", query.id("validation_id"))
                .where("session", query.id("session_id"))
                .where("model", query.id("model_id"));
        return all(first, page -> records.validations(actor(), alliance, page)).stream()
                .map(ValidationsResource::document)
                .toList();
    }

    private static Document document(ValidationRecord validation) {
        return new Document()
                .with("validation_id", validation.id())
                .with("model_id", validation.model())
                .with("data", Document.json(validation.metrics()).toString())
                .with("correlation_id", null)
                .with("timestamp", validation.receivedAt())
                .with("session_id", validation.session())
                .with("meta", null)
                .with("sender", Node.client(validation.client(), validation.externalId(), validation.clientName()))
                .with("receiver", Node.combiner(validation.combiner()))
                .with("committed_at", validation.receivedAt())
                .with("updated_at", validation.receivedAt());
    }
}
