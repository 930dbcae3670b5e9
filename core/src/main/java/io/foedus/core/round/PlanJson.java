package io.foedus.core.round;

import io.foedus.core.json.JsonObject;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A plan as JSON. */
final class PlanJson {
    private PlanJson() {}

    static Map<String, @Nullable Object> write(SessionPlan plan) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("rounds", plan.rounds());
        json.put("minClients", plan.minClients());
        json.put("targetClients", plan.targetClients());
        json.put("overSelection", plan.overSelection());
        json.put("minWait", plan.minWait().toString());
        json.put("deadline", plan.deadline().toString());
        json.put("mode", plan.mode().label());
        json.put("bufferSize", plan.bufferSize());
        json.put("maxStaleness", plan.maxStaleness());
        json.put("selection", plan.selection().spec());
        // as text: JSON readers elsewhere keep only 53 bits
        json.put("selectionSeed", String.valueOf(plan.selectionSeed()));
        json.put("validateEvery", plan.validateEvery());
        json.put("validationFraction", plan.validationFraction());
        json.put("aggregator", plan.aggregator());
        json.put("optimizer", plan.optimizer());
        json.put("local", plan.local());
        json.put("stop", plan.stop().map(StopRule::spec).orElse(null));
        json.put("best", plan.best().map(MetricRule::spec).orElse(null));
        json.put("keepUpdates", plan.keepUpdates());
        return json;
    }

    static SessionPlan read(JsonObject json) {
        PlanCheck check = new PlanCheck();
        SessionPlan.Builder plan = SessionPlan.builder();
        Set<String> known = write(plan.build()).keySet();
        for (String name : json.names()) {
            if (!known.contains(name)) {
                check.problem(name + " is not a session parameter; known are " + String.join(", ", known));
            } else if (json.has(name)) {
                try {
                    set(plan, name, json);
                } catch (IllegalArgumentException e) {
                    String message = String.valueOf(e.getMessage());
                    check.problem(message.contains(name) ? message : name + ": " + message);
                }
            }
        }
        check.done();
        return plan.build();
    }

    private static void set(SessionPlan.Builder plan, String name, JsonObject json) {
        switch (name) {
            case "rounds" -> plan.rounds(whole(json, name));
            case "minClients" -> plan.minClients(whole(json, name));
            case "targetClients" -> plan.targetClients(whole(json, name));
            case "overSelection" -> plan.overSelection(json.number(name));
            case "minWait" -> plan.minWait(duration(json, name));
            case "deadline" -> plan.deadline(duration(json, name));
            case "mode" -> plan.mode(RoundMode.parse(json.string(name)));
            case "bufferSize" -> plan.bufferSize(whole(json, name));
            case "maxStaleness" -> plan.maxStaleness(whole(json, name));
            case "selection" -> plan.selection(Selection.parse(json.string(name)));
            case "selectionSeed" -> plan.selectionSeed(seed(json, name));
            case "validateEvery" -> plan.validateEvery(whole(json, name));
            case "validationFraction" -> plan.validationFraction(json.number(name));
            case "aggregator" -> plan.aggregator(json.string(name));
            case "optimizer" -> plan.optimizer(json.string(name));
            case "local" -> plan.local(settings(json.object(name)));
            case "stop" -> plan.stop(StopRule.parse(json.string(name)));
            case "best" -> plan.best(MetricRule.parse(json.string(name)));
            case "keepUpdates" -> plan.keepUpdates(json.optionalFlag(name).orElse(false));
            default -> throw new IllegalStateException("the parameter " + name + " is known but not read");
        }
    }

    private static int whole(JsonObject json, String name) {
        long value = json.whole(name);
        if (value != (int) value) {
            throw new IllegalArgumentException(name + " is out of range: " + value);
        }
        return (int) value;
    }

    private static long seed(JsonObject json, String name) {
        if (json.members().get(name) instanceof Number) {
            return json.whole(name);
        }
        try {
            return Long.parseLong(json.string(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a whole number of 64 bits", e);
        }
    }

    private static Duration duration(JsonObject json, String name) {
        if (json.members().get(name) instanceof Number) {
            return Duration.ofMillis(Math.round(json.number(name) * 1000));
        }
        try {
            return Duration.parse(json.string(name));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + json.string(name) + "' is neither seconds nor an ISO-8601 duration such as PT90S", e);
        }
    }

    private static Map<String, String> settings(JsonObject json) {
        Map<String, String> settings = new TreeMap<>();
        json.members().forEach((key, value) -> settings.put(key, String.valueOf(value)));
        return settings;
    }
}
