package io.foedus.controller.sessions.control;

import io.foedus.controller.sessions.entity.Plan;
import io.foedus.core.json.JsonObject;
import io.foedus.core.round.InvalidPlanException;
import io.foedus.core.round.RoundMode;
import java.lang.reflect.RecordComponent;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads a plan as people write it: every member is optional, a member that does not exist is a breach, and all breaches
 * are told at once.
 */
public final class PlanReader {
    private static final Set<String> KNOWN = Arrays.stream(Plan.class.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.toCollection(java.util.TreeSet::new));
    private static final Map<String, String> NAMES = Map.of(
            "deadline", "deadlineSeconds",
            "minWait", "minWaitSeconds",
            "validationFraction", "validateFraction",
            "local", "settings");
    private static final int MOST_RETRIES = 100;
    private static final SecureRandom SEEDS = new SecureRandom();

    private final List<String> breaches = new ArrayList<>();
    private final JsonObject json;

    private PlanReader(Map<String, Object> members) {
        this.json = new JsonObject(members);
    }

    /** @throws InvalidPlanException with every breach */
    public static Plan read(Map<String, Object> members) {
        return new PlanReader(members == null ? Map.of() : members).plan();
    }

    private Plan plan() {
        json.names().stream()
                .filter(name -> !KNOWN.contains(name))
                .forEach(name ->
                        breaches.add(name + " is not a session parameter; known are " + String.join(", ", KNOWN)));
        RoundMode mode = choice("mode", RoundMode.class, RoundMode.SYNCHRONOUS, json);
        double exponent = number("stalenessExponent", 0.5);
        double deadline = number("deadlineSeconds", 600);
        Plan plan = new Plan(
                whole("rounds", 5),
                whole("minClients", 1),
                whole("targetClients", 0),
                number("overSelection", 1),
                number("minWaitSeconds", deadline), // hope for the target as long as there is hope
                deadline,
                mode,
                whole("bufferSize", 0),
                exponent,
                whole("maxStaleness", 10),
                selection(),
                whole("validateEvery", 1),
                number("validateFraction", 1),
                text("aggregator", mode == RoundMode.BUFFERED ? "fedbuff:" + exponent : "mean"),
                text("optimizer", "plain"),
                json.has("settings")
                        ? safely("settings", () -> json.object("settings").members(), Map.of())
                        : Map.of(),
                stop(),
                best(),
                safely("keepUpdates", () -> json.optionalFlag("keepUpdates").orElse(false), false),
                whole("retries", 2));
        if (plan.retries() < 0 || plan.retries() > MOST_RETRIES) {
            breaches.add("retries must be from 0 to " + MOST_RETRIES + ", not " + plan.retries());
        }
        checkRules(plan);
        if (!breaches.isEmpty()) {
            throw new InvalidPlanException(breaches);
        }
        return plan;
    }

    private void checkRules(Plan plan) {
        try {
            plan.rules();
        } catch (InvalidPlanException e) {
            e.problems().forEach(problem -> breaches.add(renamed(problem)));
        } catch (IllegalArgumentException e) {
            breaches.add(e.getMessage());
        }
    }

    private static String renamed(String problem) {
        String name = problem.split("[ :]", 2)[0];
        return NAMES.getOrDefault(name, name) + problem.substring(name.length());
    }

    private Plan.Selection selection() {
        JsonObject given = safely("selection", () -> json.object("selection"), new JsonObject(Map.of()));
        Plan.Kind kind = choice("kind", Plan.Kind.class, Plan.Kind.ALL, given);
        Map<String, String> labels = new TreeMap<>();
        safely("selection.labels", () -> given.object("labels"), new JsonObject(Map.of()))
                .members()
                .forEach((name, value) -> labels.put(name, String.valueOf(value)));
        if (kind == Plan.Kind.ATTRIBUTE && labels.isEmpty()) {
            breaches.add("selection.labels must name at least one label for the kind ATTRIBUTE");
        }
        long seed = safely(
                "selection.seed", () -> given.optionalWhole("seed").orElseGet(() -> (long) SEEDS.nextInt(1 << 30)), 0L);
        return new Plan.Selection(kind, labels, seed);
    }

    private Plan.Stop stop() {
        if (!json.has("stop")) {
            return null;
        }
        JsonObject given = safely("stop", () -> json.object("stop"), new JsonObject(Map.of()));
        return safely(
                "stop",
                () -> new Plan.Stop(
                        given.string("metric"),
                        choice("goal", Plan.Goal.class, Plan.Goal.MAX, given),
                        given.optionalWhole("patience").orElse(5L).intValue(),
                        given.optionalNumber("minDelta").orElse(0.0)),
                null);
    }

    private Plan.Best best() {
        if (!json.has("best")) {
            return null;
        }
        JsonObject given = safely("best", () -> json.object("best"), new JsonObject(Map.of()));
        return safely(
                "best",
                () -> new Plan.Best(given.string("metric"), choice("goal", Plan.Goal.class, Plan.Goal.MAX, given)),
                null);
    }

    private int whole(String name, int otherwise) {
        long value = safely(name, () -> json.optionalWhole(name).orElse((long) otherwise), (long) otherwise);
        if (value != (int) value) {
            breaches.add(name + " is out of range: " + value);
            return otherwise;
        }
        return (int) value;
    }

    private double number(String name, double otherwise) {
        return safely(name, () -> json.optionalNumber(name).orElse(otherwise), otherwise);
    }

    private String text(String name, String otherwise) {
        return safely(name, () -> json.optionalString(name).orElse(otherwise), otherwise);
    }

    private <E extends Enum<E>> E choice(String name, Class<E> type, E otherwise, JsonObject from) {
        return safely(
                name,
                () -> {
                    String given = from.optionalString(name).orElse(otherwise.name());
                    return Arrays.stream(type.getEnumConstants())
                            .filter(value -> value.name().equals(given.toUpperCase(Locale.ROOT)))
                            .findFirst()
                            .orElseThrow(() -> new IllegalArgumentException(name + " '" + given + "' is none of "
                                    + Arrays.stream(type.getEnumConstants())
                                            .map(Enum::name)
                                            .collect(Collectors.joining(", "))));
                },
                otherwise);
    }

    private <T> T safely(String name, Supplier<T> read, T otherwise) {
        try {
            return read.get();
        } catch (RuntimeException e) {
            String message = String.valueOf(e.getMessage());
            breaches.add(message.contains(name) ? message : name + ": " + message);
            return otherwise;
        }
    }
}
