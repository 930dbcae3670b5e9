package io.foedus.web.fedn;

import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** FEDn keeps a run per start of a session; here a session that has begun is its one run. */
@Path("{alliance}/api/v1/runs")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class RunsResource extends FednCollection {
    @Inject
    Sessions sessions;

    @Override
    String key() {
        return "run_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        UUID alliance = alliance(Action.READ);
        return all(page -> sessions.list(actor(), alliance, page)).stream()
                .filter(session -> session.startedAt() != null)
                .map(RunsResource::document)
                .toList();
    }

    @Override
    Optional<Document> find(String id) {
        UUID alliance = alliance(Action.READ);
        return known(id, session -> sessions.get(actor(), session))
                .filter(session -> session.allianceId().equals(alliance) && session.startedAt() != null)
                .map(RunsResource::document);
    }

    private static Document document(SessionView session) {
        return new Document()
                .with("run_id", session.id())
                .with("session_id", session.id())
                .with("model_id", session.seedModel())
                .with("completed_at_model_id", session.finishedAt() == null ? null : session.model())
                .with("round_timeout", session.plan().deadlineSeconds())
                .with("rounds", session.roundsPlanned())
                .with("completed_at", session.finishedAt())
                .with("committed_at", session.startedAt())
                .with("updated_at", session.startedAt());
    }
}
