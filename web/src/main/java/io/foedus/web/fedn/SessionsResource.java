package io.foedus.web.fedn;

import io.foedus.controller.fedn.boundary.FednSessions;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.packages.boundary.Packages;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.controller.sessions.entity.NewSession;
import io.foedus.controller.sessions.entity.SessionState;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Sessions: made with one call, started (or continued) with another. */
@Path("{alliance}/api/v1/sessions")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class SessionsResource extends FednCollection {
    @Inject
    Sessions sessions;

    @Inject
    FednSessions fedn;

    @Inject
    Packages packages;

    @Override
    String key() {
        return "session_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        UUID alliance = alliance(Action.READ);
        return all(page -> sessions.list(actor(), alliance, page)).stream()
                .map(SessionsResource::document)
                .toList();
    }

    @Override
    Optional<Document> find(String id) {
        UUID alliance = alliance(Action.READ);
        return known(id, session -> sessions.get(actor(), session))
                .filter(session -> session.allianceId().equals(alliance))
                .map(SessionsResource::document);
    }

    /**
     * As in FEDn a seed model is enough; the alliance's package is used if it has one, for the agents among clients.
     */
    @POST
    public Response create(JsonObject wish) {
        if (!(wish.get("session_config") instanceof JsonObject config)) {
            throw FednErrors.bad("Field session_config is required");
        }
        UUID alliance = alliance(Action.OPERATE);
        String seed = ClientsResource.text(config, "model_id");
        if (seed == null) {
            seed = ClientsResource.text(wish, "seed_model_id");
        }
        NewSession session = new NewSession(
                ClientsResource.text(wish, "name"),
                seed == null ? null : Ids.of(seed),
                null,
                packages.active(actor(), alliance).isEmpty(),
                SessionConfig.plan(config),
                false);
        try {
            return Response.status(201)
                    .entity(document(sessions.create(actor(), alliance, session))
                            .json())
                    .build();
        } catch (Refusal refused) {
            throw inFednsWords(refused);
        }
    }

    /** Starts a session, or goes on with one that has ended, for {@code rounds} more rounds. */
    @POST
    @Path("start")
    public JsonObject start(JsonObject wish) {
        alliance(Action.OPERATE);
        String id = ClientsResource.text(wish, "session_id");
        if (id == null || id.isBlank()) {
            throw FednErrors.bad("Session ID is required");
        }
        if (isGiven(wish, "client_ids")) {
            throw FednErrors.notHere("A session cannot be limited to some client_ids.");
        }
        SessionView session = sessions.get(actor(), Ids.of(id));
        FednSessions.Start start = new FednSessions.Start(
                SessionConfig.number(wish, "rounds", session.plan().rounds()),
                wish.get("round_timeout") instanceof JsonNumber timeout ? Double.valueOf(timeout.doubleValue()) : null,
                prefix(wish));
        try {
            fedn.start(actor(), session.id(), start);
        } catch (Refusal refused) {
            if (refused.code().equals("PLAN_INVALID") && session.state() == SessionState.CREATED) {
                sessions.stopNow(actor(), session.id()); // nobody can start what was made for it
            }
            throw inFednsWords(refused);
        }
        return FednErrors.message("Session started");
    }

    @POST
    @Path("start_splitlearning_session")
    public JsonObject startSplitLearning() {
        alliance(Action.OPERATE);
        throw FednErrors.notHere("Split learning is not offered.");
    }

    /** Of a session that exists only its end may be changed: {@code {"status": "Terminated"}} stops it at once. */
    @PATCH
    @Path("{id}")
    public JsonObject patch(@PathParam("id") String id, JsonObject change) {
        alliance(Action.OPERATE);
        if (!"Terminated".equalsIgnoreCase(ClientsResource.text(change, "status"))) {
            throw FednErrors.bad("Only {\"status\": \"Terminated\"} can be set on a session.");
        }
        return document(sessions.stopNow(actor(), Ids.of(id))).json();
    }

    @PUT
    @Path("{id}")
    public JsonObject put(@PathParam("id") String id, JsonObject change) {
        return patch(id, change);
    }

    /** What is wrong with a plan by the names it was typed with. */
    private static RuntimeException inFednsWords(Refusal refused) {
        return refused.members().get("problems") instanceof List<?> problems
                ? FednErrors.bad(SessionConfig.inFednsWords(problems))
                : refused;
    }

    private static String prefix(JsonObject wish) {
        String prefix = ClientsResource.text(wish, "model_name_prefix");
        if (prefix == null || prefix.isBlank()) {
            return null;
        }
        if (!prefix.matches("[^\\p{Cntrl}]{1,150}")) {
            throw FednErrors.bad("model_name_prefix has at most 150 characters and no control characters.");
        }
        return prefix.strip();
    }

    private static boolean isGiven(JsonObject wish, String name) {
        return wish.getOrDefault(name, JsonValue.NULL) != JsonValue.NULL;
    }

    private static Document document(SessionView session) {
        return new Document()
                .with("session_id", session.id())
                .with("name", session.name())
                .with("status", status(session.state()))
                .with("reason", session.why())
                .with("session_config", SessionConfig.document(session.plan(), session.seedModel()))
                .with("seed_model_id", session.seedModel())
                .with("committed_at", session.createdAt())
                .with("updated_at", session.finishedAt() == null ? session.createdAt() : session.finishedAt());
    }

    /** In FEDn's words. Programs wait for {@code Finished}; the record of the round says what failed. */
    private static String status(SessionState state) {
        return switch (state) {
            case CREATED -> "Created";
            case RUNNING, PAUSED -> "Started";
            case FINISHED, FAILED -> "Finished"; // FEDn's rounds fail, its sessions do not
            case CANCELLED -> "Terminated";
        };
    }
}
