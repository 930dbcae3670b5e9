package io.foedus.agent.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.core.plan.PlanKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

    @Option(names = "--rounds", paramLabel = "N", descriptionKey = "plan.rounds")
    private @Nullable Integer rounds;

    @Option(names = "--min-clients", paramLabel = "N", descriptionKey = "plan.minClients")
    private @Nullable Integer minClients;

    @Option(names = "--target-clients", paramLabel = "N", descriptionKey = "plan.targetClients")
    private @Nullable Integer targetClients;

    @Option(names = "--deadline-seconds", paramLabel = "S", descriptionKey = "plan.deadlineSeconds")
    private @Nullable Double deadline;

    @Option(names = "--aggregator", paramLabel = "SPEC", descriptionKey = "plan.aggregator")
    private @Nullable String aggregator;

    @Option(names = "--optimizer", paramLabel = "SPEC", descriptionKey = "plan.optimizer")
    private @Nullable String optimizer;

    @Option(names = "--validate-every", paramLabel = "N", descriptionKey = "plan.validateEvery")
    private @Nullable Integer validateEvery;

    @Option(names = "--keep-updates", descriptionKey = "plan.keepUpdates")
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

    /** Where the members of the plan were typed, by key. */
    private final Map<String, String> typed = new LinkedHashMap<>();

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
        put(planned, PlanKey.ROUNDS, "--rounds", rounds);
        put(planned, PlanKey.MIN_CLIENTS, "--min-clients", minClients);
        put(planned, PlanKey.TARGET_CLIENTS, "--target-clients", targetClients);
        put(planned, PlanKey.DEADLINE_SECONDS, "--deadline-seconds", deadline);
        put(planned, PlanKey.AGGREGATOR, "--aggregator", aggregator);
        put(planned, PlanKey.OPTIMIZER, "--optimizer", optimizer);
        put(planned, PlanKey.VALIDATE_EVERY, "--validate-every", validateEvery);
        put(planned, PlanKey.KEEP_UPDATES, "--keep-updates", keepUpdates ? true : null);
        others.forEach((key, value) -> {
            planned.set(key, value(value));
            typed.put(key, "--set " + key);
        });
        if (!settings.isEmpty()) {
            planned.withObject("/" + PlanKey.SETTINGS.name()).setAll(members(settings));
            typed.put(PlanKey.SETTINGS.name(), "--setting");
        }
        return planned;
    }

    private void put(ObjectNode planned, PlanKey key, String option, @Nullable Object value) {
        if (value != null) {
            planned.set(key.name(), Json.MAPPER.valueToTree(value));
            typed.put(key.name(), option);
        }
    }

    /** What is wrong with the plan, each sentence beginning with the option that was typed, if there was one. */
    String asTyped(JsonNode problems) {
        List<String> sentences = new ArrayList<>();
        problems.forEach(problem -> sentences.add(asTyped(problem.asText())));
        return String.join("; ", sentences) + ".";
    }

    private String asTyped(String problem) {
        String key = problem.split("[ :.]", 2)[0];
        return typed.getOrDefault(key, key) + problem.substring(key.length());
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
