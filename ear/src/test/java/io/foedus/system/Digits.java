package io.foedus.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.federation.Alliance;
import io.foedus.launcher.demo.DigitsFiles;
import io.foedus.launcher.processes.Distribution;
import java.util.List;

/** The digits example in an alliance: its package, its seed model, and agents with their own parts of the images. */
final class Digits {
    private final Alliance alliance;
    private final int agents;

    private Digits(Alliance alliance, int agents) {
        this.alliance = alliance;
        this.agents = agents;
    }

    /** Uploads package and seed model and starts the agents. */
    static Digits in(Alliance alliance, int agents) {
        DigitsFiles files = DigitsFiles.prepared(
                Distribution.find().digits(), alliance.files().resolve("digits"), agents);
        alliance.uploadPackage(files.archive());
        alliance.uploadSeed(files.seed());
        for (int i = 1; i <= agents; i++) {
            String agent = "agent-" + i;
            alliance.site(agent)
                    .with("DIGITS_DATA", files.partition(agent).toString())
                    .start();
        }
        return new Digits(alliance, agents);
    }

    /** The plan of a session with all agents. */
    ObjectNode plan(int rounds) {
        ObjectNode plan = Json.object()
                .put("rounds", rounds)
                .put("minClients", agents)
                .put("validateEvery", 1)
                .put("deadlineSeconds", 120);
        plan.set("settings", Json.object().put("epochs", 1).put("learning_rate", 0.1));
        return plan;
    }

    Alliance alliance() {
        return alliance;
    }

    /** The mean accuracy that the agents' validations reported, round by round. */
    static List<Double> accuracies(List<JsonNode> rounds) {
        return rounds.stream()
                .map(round -> round.path("metrics")
                        .path("accuracy")
                        .path("weightedMean")
                        .asDouble())
                .toList();
    }
}
