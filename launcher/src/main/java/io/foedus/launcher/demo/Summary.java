package io.foedus.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What came of a demo.
 *
 * @param circumstances where and how it ran
 * @param rounds the completed rounds in their order, as the REST API tells them
 * @param models SHA-256 of the global model of each
 * @param seconds from the start of the program to the end of the session
 */
record Summary(ObjectNode circumstances, List<JsonNode> rounds, List<String> models, double seconds) {
    int completed() {
        return rounds.size();
    }

    /** The object of {@code --json}. */
    ObjectNode json() {
        ObjectNode object = circumstances.deepCopy();
        object.put("rounds", rounds.size());
        object.put(
                "updates",
                rounds.stream()
                        .mapToLong(round -> round.path("tally").path("accepted").asLong())
                        .sum());
        ArrayNode accuracy = object.putArray("accuracy");
        ArrayNode loss = object.putArray("loss");
        for (JsonNode round : rounds) {
            accuracy.add(rounded(SessionProgress.metric(round, "accuracy"), 1e6));
            loss.add(rounded(SessionProgress.metric(round, "loss"), 1e6));
        }
        ArrayNode digests = object.putArray("models");
        models.forEach(digests::add);
        object.put("seconds", rounded(seconds, 10));
        return object;
    }

    private static double rounded(double value, double places) {
        return Math.rint(value * places) / places;
    }
}
