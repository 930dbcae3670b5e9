package io.foedus.web.sessions;

import io.foedus.core.plan.Plan;
import io.foedus.core.plan.PlanKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A session's plan as people read it. Pure. */
final class PlanWords {
    private PlanWords() {}

    /** Label → text, in the order of the form. */
    static Map<String, String> of(Plan plan) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put(PlanKey.ROUNDS.label(), plain(plan.rounds()));
        words.put(PlanKey.MIN_CLIENTS.label(), plain(plan.minClients()));
        words.put(PlanKey.TARGET_CLIENTS.label(), plan.targetClients() == 0 ? "all" : plain(plan.targetClients()));
        words.put(PlanKey.SELECTION.label(), selection(plan.selection()));
        words.put(PlanKey.MODE.label(), mode(plan));
        words.put(PlanKey.DEADLINE_SECONDS.label(), plain(plan.deadlineSeconds()) + " s");
        words.put(PlanKey.MIN_WAIT_SECONDS.label(), plain(plan.minWaitSeconds()) + " s");
        words.put(PlanKey.OVER_SELECTION.label(), "× " + plain(plan.overSelection()));
        words.put(PlanKey.RETRIES.label(), plain(plan.retries()));
        words.put(PlanKey.AGGREGATOR.label(), plan.aggregator());
        words.put(PlanKey.OPTIMIZER.label(), plan.optimizer());
        words.put("Validation", validation(plan));
        words.put(
                PlanKey.STOP.label(),
                plan.stop()
                        .map(stop -> metric(stop.metric(), stop.goal()) + ", patience " + stop.patience())
                        .orElse("no"));
        words.put(
                PlanKey.BEST.label(),
                plan.best().map(best -> metric(best.metric(), best.goal())).orElse("no"));
        words.put("Settings", plan.settings().isEmpty() ? "none" : pairs(plan.settings()));
        words.put(PlanKey.KEEP_UPDATES.label(), plan.keepUpdates() ? "yes" : "no");
        return words;
    }

    private static String mode(Plan plan) {
        return switch (plan.mode()) {
            case DEADLINE -> "at its deadline";
            case BUFFERED ->
                "when " + plan.policy().targetUpdates() + " updates are in; staleness exponent "
                        + plain(plan.stalenessExponent()) + ", at most " + plan.maxStaleness();
            case SYNCHRONOUS -> "when all its clients have answered";
        };
    }

    private static String selection(Plan.Selection selection) {
        return switch (selection.kind()) {
            case RANDOM -> "random";
            case ATTRIBUTE -> "random among " + pairs(selection.labels());
            case ALL -> "all attached clients";
        };
    }

    private static String validation(Plan plan) {
        if (plan.validateEvery() == 0) {
            return "never";
        }
        return (plan.validateEvery() == 1 ? "every round" : "every " + plan.validateEvery() + " rounds")
                + (plan.validateFraction() == 1 ? "" : " by " + plain(plan.validateFraction()) + " of the clients");
    }

    private static String metric(String name, Plan.Goal goal) {
        return name + ", " + (goal == Plan.Goal.MIN ? "lower" : "higher") + " is better";
    }

    private static String pairs(Map<String, ?> pairs) {
        return pairs.entrySet().stream()
                .map(pair -> pair.getKey() + " = " + plain(pair.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String plain(Object value) {
        String text = String.valueOf(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
