package io.foedus.web.fedn;

import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.listing.Query;
import io.foedus.controller.validation.boundary.ValidationView;
import io.foedus.controller.validation.boundary.Validations;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What clients found about models; the metrics are text, as FEDn keeps them. */
@Path("{alliance}/api/v1/validations")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class ValidationsResource extends FednCollection {
    @Inject
    Validations validations;

    @Override
    String key() {
        return "validation_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        UUID alliance = alliance(Action.READ);
        Query first =
                Query.first(Query.MOST).where("session", query.id("session_id")).where("model", query.id("model_id"));
        return all(first, page -> validations.list(actor(), alliance, page)).stream()
                .map(ValidationsResource::document)
                .toList();
    }

    @Override
    Optional<Document> find(String id) {
        UUID alliance = alliance(Action.READ);
        return known(id, validation -> validations.one(actor(), alliance, validation))
                .flatMap(found -> found)
                .map(ValidationsResource::document);
    }

    private static Document document(ValidationView validation) {
        return new Document()
                .with("validation_id", validation.id())
                .with("model_id", validation.model())
                .with("data", Document.json(validation.metrics()).toString())
                .with("correlation_id", null)
                .with("timestamp", validation.receivedAt())
                .with("session_id", validation.session())
                .with("meta", null)
                .with("sender", Node.client(validation.client(), validation.externalId(), validation.clientName()))
                .with("receiver", Node.combiner(validation.combinerName()))
                .with("committed_at", validation.receivedAt())
                .with("updated_at", validation.receivedAt());
    }
}
