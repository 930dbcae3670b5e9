package io.foedus.web.sessions;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A plan while somebody types it. Fields are named as in {@code docs/api.md}; what is empty is left to the default. Two
 * texts hold more than one value: {@code settings}, a line {@code name = value} each, and {@code labels},
 * {@code name=value} with commas.
 */
public class PlanForm implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What the form calls the fields that take a number. */
    private static final Map<String, String> LABELS = Map.of(
            "rounds", "Rounds",
            "minClients", "Minimum clients",
            "targetClients", "Clients per round",
            "deadlineSeconds", "Longest round",
            "validateEvery", "Validate every",
            "retries", "Retries",
            "patience", "Rounds without improvement");

    private final Map<String, Object> fields = new LinkedHashMap<>(Map.of(
            "rounds", "10",
            "minClients", "1",
            "targetClients", "0",
            "deadlineSeconds", "600",
            "validateEvery", "1",
            "retries", "2",
            "mode", "SYNCHRONOUS",
            "aggregator", "mean",
            "optimizer", "plain"));

    /** The form filled in like a plan that was given before. */
    static PlanForm of(Map<String, Object> plan) {
        PlanForm form = new PlanForm();
        plan.forEach((name, value) -> {
            if (value instanceof Map<?, ?> parts) {
                switch (name) {
                    case "settings" -> form.fields.put("settings", lines(parts));
                    case "stop", "best" ->
                        parts.forEach((part, text) -> form.fields.put(name + "." + part, String.valueOf(text)));
                    default ->
                        parts.forEach((part, text) -> {
                            if (part.equals("kind")) {
                                form.fields.put("selection", String.valueOf(text));
                            }
                        });
                }
            } else if (value != null) {
                form.fields.put(name, plain(value));
            }
        });
        return form;
    }

    /** Begins with as many clients as the alliance asks of each round. */
    void begin(int least) {
        fields.put("minClients", String.valueOf(least));
    }

    /** Clients that each round needs, as far as that is a number yet. */
    int leastClients() {
        String least = text("minClients");
        return least.matches("\\d{1,7}") ? Math.max(1, Integer.parseInt(least)) : 1;
    }

    private static String plain(Object value) {
        String text = String.valueOf(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static String lines(Map<?, ?> settings) {
        StringBuilder text = new StringBuilder();
        settings.forEach(
                (name, value) -> text.append(name).append(" = ").append(value).append('\n'));
        return text.toString();
    }

    /** Values by field, as typed. */
    public Map<String, Object> getFields() {
        return fields;
    }

    /** @throws IllegalArgumentException naming the line that is no setting or the field that is no number */
    Map<String, Object> toPlan() {
        Map<String, Object> plan = new TreeMap<>();
        fields.forEach((name, typed) -> {
            String text = typed == null ? "" : typed.toString().strip();
            if (text.isEmpty() || name.contains(".") || name.equals("labels")) {
                return;
            }
            switch (name) {
                case "mode", "aggregator", "optimizer" -> plan.put(name, text);
                case "keepUpdates" -> plan.put(name, Boolean.valueOf(text));
                case "settings" -> plan.put(name, pairs(text, "\n"));
                case "selection" -> plan.put(name, selection(text));
                default -> plan.put(name, number(name, text));
            }
        });
        rule("stop", plan);
        rule("best", plan);
        return plan;
    }

    private Map<String, Object> selection(String kind) {
        Map<String, Object> selection = new TreeMap<>(Map.of("kind", kind));
        String labels = text("labels");
        if (!labels.isEmpty()) {
            selection.put("labels", pairs(labels, ","));
        }
        return selection;
    }

    private void rule(String name, Map<String, Object> plan) {
        if (text(name + ".metric").isEmpty()) {
            return;
        }
        Map<String, Object> rule = new TreeMap<>(Map.of("metric", text(name + ".metric")));
        rule.put("goal", text(name + ".goal").isEmpty() ? "MAX" : text(name + ".goal"));
        if (name.equals("stop") && !text("stop.patience").isEmpty()) {
            rule.put("patience", number("patience", text("stop.patience")));
        }
        plan.put(name, rule);
    }

    private String text(String name) {
        Object value = fields.get(name);
        return value == null ? "" : value.toString().strip();
    }

    private static Number number(String name, String text) {
        try {
            return text.matches("-?\\d{1,18}") ? (Number) Long.valueOf(text) : (Number) Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    LABELS.getOrDefault(name, name) + ": '" + text + "' is not a number.", e);
        }
    }

    private static Map<String, Object> pairs(String text, String between) {
        Map<String, Object> pairs = new TreeMap<>();
        for (String line : text.split(between)) {
            if (line.isBlank()) {
                continue;
            }
            String[] pair = line.split("=", 2);
            if (pair.length < 2 || pair[0].isBlank()) {
                throw new IllegalArgumentException((between.equals(",") ? "Labels" : "Settings for the package") + ": '"
                        + line.strip() + "' is not of the form name = value.");
            }
            String value = pair[1].strip();
            pairs.put(
                    pair[0].strip(),
                    value.matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?") ? number(pair[0].strip(), value) : value);
        }
        return pairs;
    }
}
