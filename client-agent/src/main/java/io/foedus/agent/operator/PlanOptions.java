package io.foedus.agent.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Mixin of the commands that plan a session: a file with the whole plan, and options for what is asked for often. */
final class PlanOptions {
    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "The plan as JSON, see docs/api.md; options change it.")
    private @Nullable Path plan;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds (default: the controller's, 5).")
    private @Nullable Integer rounds;

    @Option(names = "--min-clients", paramLabel = "N", description = "Fewest updates of a round (1).")
    private @Nullable Integer minClients;

    @Option(names = "--target-clients", paramLabel = "N", description = "Clients that are asked; 0 is all (0).")
    private @Nullable Integer targetClients;

    @Option(names = "--deadline-seconds", paramLabel = "S", description = "Longest time of a round (600).")
    private @Nullable Double deadline;

    @Option(names = "--aggregator", paramLabel = "SPEC", description = "mean, median, trimmed-mean:0.1, … (mean).")
    private @Nullable String aggregator;

    @Option(names = "--optimizer", paramLabel = "SPEC", description = "plain, fedadam:lr=0.01, … (plain).")
    private @Nullable String optimizer;

    @Option(names = "--validate-every", paramLabel = "N", description = "Validate after every n-th round; 0 never (1).")
    private @Nullable Integer validateEvery;

    @Option(names = "--keep-updates", description = "Keep clients' updates, so that models can be computed again.")
    private boolean keepUpdates;

    @Option(
            names = "--setting",
            paramLabel = "KEY=VALUE",
            description = "Handed to the entry points, such as epochs=3; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Any other member of the plan; the value is JSON or text.")
    private Map<String, String> others = new LinkedHashMap<>();

    /** Rounds, if they were given. */
    @Nullable Integer rounds() {
        return rounds;
    }

    @Nullable Double deadline() {
        return deadline;
    }

    /**
     * The plan.
     *
     * @param from what to begin with; a plan file takes its place
     */
    ObjectNode over(ObjectNode from) {
        ObjectNode planned = plan == null ? from.deepCopy() : read(plan);
        put(planned, "rounds", rounds);
        put(planned, "minClients", minClients);
        put(planned, "targetClients", targetClients);
        put(planned, "deadlineSeconds", deadline);
        put(planned, "aggregator", aggregator);
        put(planned, "optimizer", optimizer);
        put(planned, "validateEvery", validateEvery);
        if (keepUpdates) {
            planned.put("keepUpdates", true);
        }
        others.forEach((key, value) -> planned.set(key, value(value)));
        if (!settings.isEmpty()) {
            planned.withObject("/settings").setAll(members(settings));
        }
        return planned;
    }

    private static void put(ObjectNode planned, String key, @Nullable Object value) {
        if (value != null) {
            planned.set(key, Json.MAPPER.valueToTree(value));
        }
    }

    /** Pairs of the command line as JSON: a value is JSON, or else text. */
    static ObjectNode members(Map<String, String> pairs) {
        ObjectNode members = Json.object();
        pairs.forEach((key, value) -> members.set(key, value(value)));
        return members;
    }

    private static JsonNode value(String text) {
        try {
            return Json.read(text);
        } catch (JsonProcessingException e) {
            return Json.MAPPER.valueToTree(text);
        }
    }

    private static ObjectNode read(Path plan) {
        try {
            if (Json.read(Files.readString(plan)) instanceof ObjectNode object) {
                return object;
            }
            throw new Failure(ExitCode.INVALID, plan + " is not one JSON object", "See docs/api.md, Plan.");
        } catch (JsonProcessingException e) {
            throw new Failure(
                    ExitCode.INVALID, plan + " is not JSON: " + e.getOriginalMessage(), "See docs/api.md, Plan.", e);
        } catch (IOException e) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot read the plan " + plan + ": " + e, "Check the path.", e);
        }
    }
}
