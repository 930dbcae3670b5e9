package io.foedus.web.fedn;

import io.foedus.core.plan.Plan;
import io.foedus.core.plan.PlanKey;
import io.foedus.core.round.RoundMode;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * FEDn's {@code session_config} as a plan of ours and back. Pure.
 *
 * <p>{@code round_timeout} is the deadline, and a round hopes for all the clients it asked until then, as FEDn does.
 * {@code requested_clients} is the target (FEDn keeps it and never looks at it); {@code fedopt} is the mean with a
 * server optimizer.
 */
final class SessionConfig {
    private static final Pattern PAIR = Pattern.compile("['\"](\\w+)['\"]\\s*:\\s*['\"]?([^,'\"}\\s]+)");
    private static final Map<String, String> OPTIMIZERS =
            Map.of("adam", "fedadam", "yogi", "fedyogi", "adagrad", "fedadagrad");
    private static final Map<String, String> ARGUMENTS =
            Map.of("learning_rate", "lr", "beta1", "beta1", "beta2", "beta2", "tau", "tau");
    private static final Set<String> NO_BETA2 = Set.of("adagrad");

    /** FEDn's default, in seconds. */
    private static final int ROUND_TIMEOUT = 180;

    /** What FEDn calls the keys of a plan. */
    private static final Map<String, String> NAMES = Map.of(
            PlanKey.MIN_CLIENTS.name(), "clients_required",
            PlanKey.TARGET_CLIENTS.name(), "requested_clients",
            PlanKey.DEADLINE_SECONDS.name(), "round_timeout",
            PlanKey.BUFFER_SIZE.name(), "buffer_size",
            PlanKey.OPTIMIZER.name(), "aggregator_kwargs");

    private SessionConfig() {}

    /**
     * The plan as JSON values by the names of {@link PlanKey}.
     *
     * @throws jakarta.ws.rs.WebApplicationException 400 or 501 saying what cannot be done
     */
    static Map<String, Object> plan(JsonObject config) {
        if (isGiven(config, "server_functions")) {
            throw FednErrors.notHere("Server functions (Python source that a server executes) are not run.");
        }
        requireHelper(text(config, "helper_type", HelpersResource.NAMES.get(0)));
        int required = number(config, "clients_required", (Integer) PlanKey.MIN_CLIENTS.standard());
        int buffer = number(config, "buffer_size", -1);
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put(PlanKey.ROUNDS.name(), number(config, "rounds", (Integer) PlanKey.ROUNDS.standard()));
        plan.put(PlanKey.MIN_CLIENTS.name(), required);
        plan.put(PlanKey.TARGET_CLIENTS.name(), Math.max(required, number(config, "requested_clients", required)));
        plan.put(PlanKey.DEADLINE_SECONDS.name(), number(config, "round_timeout", ROUND_TIMEOUT));
        plan.put(PlanKey.VALIDATE_EVERY.name(), flag(config, "validate", true) ? 1 : 0);
        plan.put(PlanKey.KEEP_UPDATES.name(), !flag(config, "delete_models_storage", true));
        if (buffer > 0) {
            plan.put(PlanKey.MODE.name(), RoundMode.BUFFERED.name());
            plan.put(PlanKey.BUFFER_SIZE.name(), Math.max(buffer, required));
        }
        plan.put(PlanKey.OPTIMIZER.name(), optimizer(config));
        return plan;
    }

    /** What is wrong with a plan, as it is called where it was typed: each sentence begins with a key of the plan. */
    static String inFednsWords(List<?> problems) {
        return problems.stream()
                        .map(Object::toString)
                        .map(SessionConfig::inFednsWords)
                        .collect(Collectors.joining("; "))
                + ".";
    }

    private static String inFednsWords(String problem) {
        String key = problem.split("[ :]", 2)[0];
        return NAMES.getOrDefault(key, key) + problem.substring(key.length());
    }

    /** Models say themselves what they are; FEDn refuses a helper that it does not know, later and less clearly. */
    private static void requireHelper(String helper) {
        if (helper.equals("splitlearninghelper")) {
            throw FednErrors.notHere("Split learning is not offered.");
        }
        if (!HelpersResource.NAMES.contains(helper)) {
            throw FednErrors.bad(
                    "There is no helper '" + helper + "'; known are " + String.join(", ", HelpersResource.NAMES) + ".");
        }
    }

    private static String optimizer(JsonObject config) {
        String aggregator = text(config, "aggregator", "fedavg");
        return switch (aggregator) {
            case "fedavg" -> "plain";
            case "fedopt" -> optimizer(arguments(config));
            case "splitlearningagg" -> throw FednErrors.notHere("Split learning is not offered.");
            default ->
                throw FednErrors.bad("There is no aggregator '" + aggregator + "'; known are fedavg and fedopt.");
        };
    }

    private static String optimizer(Map<String, String> arguments) {
        String rule = arguments.getOrDefault("serveropt", "adam");
        if (!OPTIMIZERS.containsKey(rule)) {
            throw FednErrors.bad("There is no serveropt '" + rule + "'; known are adam, yogi and adagrad.");
        }
        List<String> pairs = ARGUMENTS.entrySet().stream()
                .filter(name -> arguments.containsKey(name.getKey()))
                .filter(name -> !(NO_BETA2.contains(rule) && name.getKey().equals("beta2")))
                .map(name -> name.getValue() + "=" + arguments.get(name.getKey()))
                .sorted()
                .toList();
        return OPTIMIZERS.get(rule) + (pairs.isEmpty() ? "" : ":" + String.join(",", pairs));
    }

    /** {@code aggregator_kwargs}: an object, or a Python dictionary as text. */
    private static Map<String, String> arguments(JsonObject config) {
        Map<String, String> arguments = new LinkedHashMap<>();
        JsonValue given = config.get("aggregator_kwargs");
        if (given instanceof JsonObject object) {
            object.forEach((name, value) ->
                    arguments.put(name, value instanceof JsonString string ? string.getString() : value.toString()));
        } else if (given instanceof JsonString string) {
            Matcher pair = PAIR.matcher(string.getString());
            while (pair.find()) {
                arguments.put(pair.group(1), pair.group(2));
            }
        }
        return arguments;
    }

    /** The configuration that FEDn would show for a plan. */
    static Document document(Plan plan, Object model) {
        String optimizer = plan.optimizer();
        boolean buffered = plan.mode() == RoundMode.BUFFERED;
        return new Document()
                .with("aggregator", optimizer.startsWith("plain") ? "fedavg" : "fedopt")
                .with("aggregator_kwargs", optimizer.equals("plain") ? null : optimizer)
                .with("round_timeout", (long) plan.deadlineSeconds())
                .with("buffer_size", buffered ? plan.bufferSize() : -1)
                .with("rounds", plan.rounds())
                .with("delete_models_storage", !plan.keepUpdates())
                .with("clients_required", plan.minClients())
                .with("requested_clients", plan.targetClients())
                .with("validate", plan.validateEvery() != 0)
                .with("helper_type", "numpyhelper")
                .with("model_id", model)
                .with("server_functions", null)
                .with("client_settings", plan.settings());
    }

    private static boolean isGiven(JsonObject config, String name) {
        JsonValue value = config.getOrDefault(name, JsonValue.NULL);
        return value != JsonValue.NULL
                && !(value instanceof JsonString text && text.getString().isEmpty());
    }

    static int number(JsonObject config, String name, int otherwise) {
        JsonValue value = config.get(name);
        if (value == null || value == JsonValue.NULL) {
            return otherwise;
        }
        if (value instanceof JsonNumber number && number.isIntegral()) {
            return (int) number.doubleValue(); // the ends of int stand for all beyond, and are out of bounds too
        }
        String text = value instanceof JsonString string ? string.getString() : "";
        if (!text.matches("-?\\d{1,9}")) {
            throw FednErrors.bad(name + " must be a whole number, not " + value + ".");
        }
        return Integer.parseInt(text);
    }

    private static boolean flag(JsonObject config, String name, boolean otherwise) {
        JsonValue value = config.get(name);
        if (value instanceof JsonString text) {
            return Boolean.parseBoolean(text.getString());
        }
        return value == JsonValue.TRUE || value != JsonValue.FALSE && otherwise;
    }

    private static String text(JsonObject config, String name, String otherwise) {
        String text = ClientsResource.text(config, name);
        return text == null || text.isBlank() ? otherwise : text;
    }
}
