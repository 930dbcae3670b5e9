package io.foedus.web.sessions;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A session's plan as people read it: what is left at "none" is left out. Pure. */
final class PlanWords {
    private PlanWords() {}

    /** Label → text, in the order of the form; keys are those of {@code docs/api.md}. */
    static Map<String, String> of(Map<String, Object> plan) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("Rounds", number(plan, "rounds"));
        words.put("Minimum clients", number(plan, "minClients"));
        words.put(
                "Clients per round", number(plan, "targetClients").equals("0") ? "all" : number(plan, "targetClients"));
        words.put("Selection", selection(plan.get("selection")));
        words.put("A round closes", mode(plan));
        words.put("Longest round", number(plan, "deadlineSeconds") + " s");
        words.put("Minimum wait", number(plan, "minWaitSeconds") + " s");
        words.put("Over-selection", "× " + number(plan, "overSelection"));
        words.put("Retries", number(plan, "retries"));
        words.put("Aggregator", text(plan.get("aggregator")));
        words.put("Server optimizer", text(plan.get("optimizer")));
        words.put("Validation", validation(plan));
        words.put("Early stop", rule(plan.get("stop")));
        words.put("Best model", rule(plan.get("best")));
        words.put("Settings", text(plan.get("settings")));
        words.put("Updates kept", "true".equals(text(plan.get("keepUpdates"))) ? "yes" : "no");
        return words;
    }

    private static String mode(Map<String, Object> plan) {
        return switch (text(plan.get("mode"))) {
            case "DEADLINE" -> "at its deadline";
            case "BUFFERED" ->
                "when " + number(plan, "bufferSize") + " updates are in; staleness exponent "
                        + number(plan, "stalenessExponent") + ", at most " + number(plan, "maxStaleness");
            default -> "when all its clients have answered";
        };
    }

    private static String selection(Object selection) {
        if (!(selection instanceof Map<?, ?> parts)) {
            return "all attached clients";
        }
        return switch (text(parts.get("kind"))) {
            case "RANDOM" -> "random";
            case "ATTRIBUTE" -> "random among " + text(parts.get("labels"));
            default -> "all attached clients";
        };
    }

    private static String validation(Map<String, Object> plan) {
        String every = number(plan, "validateEvery");
        return every.equals("0")
                ? "never"
                : (every.equals("1") ? "every round" : "every " + every + " rounds")
                        + (number(plan, "validateFraction").equals("1")
                                ? ""
                                : " by " + number(plan, "validateFraction") + " of the clients");
    }

    private static String rule(Object rule) {
        if (!(rule instanceof Map<?, ?> parts)) {
            return "no";
        }
        String patience = parts.get("patience") == null ? "" : ", patience " + plain(parts.get("patience"));
        return text(parts.get("metric")) + ", " + ("MIN".equals(parts.get("goal")) ? "lower" : "higher") + " is better"
                + patience;
    }

    private static String number(Map<String, Object> plan, String name) {
        return plain(plan.get(name));
    }

    private static String plain(Object value) {
        String text = text(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static String text(Object value) {
        if (value instanceof Map<?, ?> parts) {
            return parts.isEmpty()
                    ? "none"
                    : parts.entrySet().stream()
                            .map(part -> part.getKey() + " = " + plain(part.getValue()))
                            .collect(Collectors.joining(", "));
        }
        return value == null ? "–" : value.toString();
    }
}
