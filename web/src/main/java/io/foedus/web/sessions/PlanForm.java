package io.foedus.web.sessions;

import io.foedus.core.plan.InvalidPlanException;
import io.foedus.core.plan.InvalidPlanException.Breach;
import io.foedus.core.plan.Plan;
import io.foedus.core.plan.PlanKey;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A plan while somebody types it: texts by the names of {@link PlanKey}; what is empty is left to the default. Two
 * texts hold more than one value: {@code settings}, a line {@code name = value} each, and {@code selection.labels},
 * {@code name=value} with commas.
 */
public class PlanForm implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final Map<String, PlanKey> KEYS =
            PlanKey.ALL.stream().collect(Collectors.toUnmodifiableMap(PlanKey::name, Function.identity()));

    private final Map<String, Object> fields = new LinkedHashMap<>();

    /** A form that holds the defaults. */
    public PlanForm() {
        fill(Plan.read(Map.of()));
    }

    /** The form filled in like a plan that was given before. */
    static PlanForm of(Plan plan) {
        PlanForm form = new PlanForm();
        form.fill(plan);
        return form;
    }

    /** The seed stays out, for another session draws other lots; so does what only follows from other fields. */
    private void fill(Plan plan) {
        plan.toMap().forEach((name, value) -> {
            if (value instanceof Map<?, ?> parts && !name.equals(PlanKey.SETTINGS.name())) {
                parts.forEach((part, of) -> fields.put(name + "." + part, text(of, ", ")));
            } else {
                fields.put(name, text(value, "\n"));
            }
        });
        fields.remove(PlanKey.SELECTION_SEED.name());
        if (plan.minWaitSeconds() == plan.deadlineSeconds()) {
            fields.remove(PlanKey.MIN_WAIT_SECONDS.name());
        }
    }

    private static String text(Object value, String between) {
        if (value instanceof Map<?, ?> pairs) {
            return pairs.entrySet().stream()
                    .map(pair -> pair.getKey() + (between.equals("\n") ? " = " : "=") + pair.getValue())
                    .collect(Collectors.joining(between));
        }
        String text = String.valueOf(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** Begins with as many clients as the alliance asks of each round. */
    void begin(int least) {
        fields.put(PlanKey.MIN_CLIENTS.name(), String.valueOf(least));
    }

    /** Clients that each round needs, as far as that is a number yet. */
    int leastClients() {
        String least = typed(PlanKey.MIN_CLIENTS);
        return least.matches("\\d{1,7}") ? Math.max(1, Integer.parseInt(least)) : 1;
    }

    /** Texts by key, as typed. */
    public Map<String, Object> getFields() {
        return fields;
    }

    /** What the fields mean, by name. */
    public Map<String, PlanKey> getKeys() {
        return KEYS;
    }

    /**
     * The plan as JSON values.
     *
     * @throws InvalidPlanException with every breach
     */
    Map<String, Object> toPlan() {
        List<Breach> breaches = new ArrayList<>();
        Map<String, Object> plan = new TreeMap<>();
        for (PlanKey key : PlanKey.ALL) {
            String text = typed(key);
            if (!text.isEmpty() && !belongsToNoRule(key)) {
                put(plan, key.name(), value(key, text, breaches));
            }
        }
        try {
            Plan.read(plan);
        } catch (InvalidPlanException e) {
            breaches.addAll(e.breaches());
        }
        if (!breaches.isEmpty()) {
            throw new InvalidPlanException(breaches);
        }
        return plan;
    }

    /** A rule without a metric is none, whatever else its fields say. */
    private boolean belongsToNoRule(PlanKey key) {
        return key.name().startsWith("stop.") && typed(PlanKey.STOP_METRIC).isEmpty()
                || key.name().startsWith("best.") && typed(PlanKey.BEST_METRIC).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> plan, String name, Object value) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            plan.put(name, value);
        } else {
            ((Map<String, Object>) plan.computeIfAbsent(name.substring(0, dot), of -> new TreeMap<String, Object>()))
                    .put(name.substring(dot + 1), value);
        }
    }

    private static Object value(PlanKey key, String text, List<Breach> breaches) {
        return switch (key.type()) {
            case WHOLE, NUMBER, SECONDS -> number(text);
            case FLAG -> text.equals("true") || text.equals("false") ? (Object) Boolean.valueOf(text) : text;
            case TEXT, CHOICE -> text;
            case OBJECT -> pairs(key, text, breaches);
        };
    }

    private String typed(PlanKey key) {
        Object value = fields.get(key.name());
        return value == null ? "" : value.toString().strip();
    }

    /** What looks like a number is one. */
    private static Object number(String text) {
        if (text.matches("-?\\d{1,18}")) {
            return Long.valueOf(text);
        }
        return text.matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d{1,3})?") ? (Object) Double.valueOf(text) : text;
    }

    private static Map<String, Object> pairs(PlanKey key, String text, List<Breach> breaches) {
        Map<String, Object> pairs = new TreeMap<>();
        for (String line : text.split(key.equals(PlanKey.SETTINGS) ? "\n" : ",")) {
            String[] pair = line.split("=", 2);
            if (pair.length == 2 && !pair[0].isBlank()) {
                pairs.put(pair[0].strip(), number(pair[1].strip()));
            } else if (!line.isBlank()) {
                breaches.add(new Breach(
                        key.name(), key.name() + ": '" + line.strip() + "' is not of the form name = value"));
            }
        }
        return pairs;
    }
}
