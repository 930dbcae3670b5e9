package io.foedus.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.controller.ControllerException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** The alliance {@code digits} at a controller, through its REST API. */
public final class DigitsAlliance {
    private static final String NAME = "digits";
    private static final String PATH = "/api/alliances/" + NAME;
    private static final long TOKEN_LIFE_SECONDS = 7 * 86_400L;

    private final ControllerClient controller;
    private String packageId = "";
    private String seedId = "";

    /** @param controller called with the token of an admin */
    public DigitsAlliance(ControllerClient controller) {
        this.controller = controller;
    }

    /** A token for combiners of the installation to register with. */
    public static String newCombinerToken(ControllerClient controller) {
        return newToken(controller, Json.object().put("kind", "COMBINER_JOIN"));
    }

    /** A token for agents of the alliance to join with. */
    public String newJoinToken() {
        return newToken(controller, Json.object().put("kind", "JOIN").put("alliance", NAME));
    }

    private static String newToken(ControllerClient controller, ObjectNode request) {
        request.put("name", "demo").put("expiresInSeconds", TOKEN_LIFE_SECONDS);
        return controller.post("/api/tokens", request).path("token").asText();
    }

    /** Sees to it that the alliance, its active compute package and its seed model are there. */
    public void prepare(DigitsFiles files) {
        createOrFind(
                () -> controller.post(
                        "/api/alliances",
                        Json.object()
                                .put("name", NAME)
                                .put("title", "Handwritten digits")
                                .put(
                                        "description",
                                        "Recognise 8×8 images of digits. Each agent holds its own part of the images.")),
                "name");
        packageId = upload(PATH + "/packages?name=digits&fileName=digits.zip", files.archive());
        if (!controller.get(PATH + "/packages/" + packageId).path("active").asBoolean()) {
            controller.put(PATH + "/packages/" + packageId + "/active", Json.object());
        }
        seedId = upload(PATH + "/models?name=digits-seed&format=npz", files.seed());
    }

    private String upload(String path, Path file) {
        return createOrFind(() -> controller.postFile(path, file), "id");
    }

    /** The named field of what was created, or of what the answer 409 says is there already. */
    private static String createOrFind(Supplier<JsonNode> creation, String field) {
        try {
            return creation.get().path(field).asText();
        } catch (ControllerException e) {
            if (e.status() != 409) {
                throw e;
            }
            return e.problem().path(field).asText();
        }
    }

    /** Opens and starts a session from the seed model; it waits until so many clients are attached. */
    public JsonNode openSession(int rounds, int minimumClients) {
        ObjectNode plan = Json.object()
                .put("rounds", rounds)
                .put("minClients", minimumClients)
                .put("validateEvery", 1)
                .put("deadlineSeconds", 300);
        plan.set(
                "settings",
                Json.object().put("epochs", 1).put("learning_rate", 0.1).put("seed", 1));
        plan.set("best", Json.object().put("metric", "accuracy").put("goal", "MAX"));
        ObjectNode session = Json.object()
                .put("name", "digits demo")
                .put("seedModel", seedId)
                .put("package", packageId)
                .put("start", true);
        session.set("plan", plan);
        return controller.post(PATH + "/sessions", session);
    }

    public JsonNode session(String id) {
        return controller.get(PATH + "/sessions/" + id);
    }

    /** All rounds of a session, every attempt of them. */
    public List<JsonNode> rounds(String session) {
        return controller.list(PATH + "/sessions/" + session + "/rounds", Integer.MAX_VALUE);
    }

    /** The SHA-256 of the global model that each round made. */
    public List<String> digests(List<JsonNode> rounds) {
        return rounds.stream()
                .map(round -> round.path("model").asText())
                .map(model ->
                        controller.get(PATH + "/models/" + model).path("digest").asText())
                .toList();
    }
}
