package io.foedus.core.round;

import io.foedus.core.aggregation.Aggregator;
import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.ServerOptimizers;
import io.foedus.core.aggregation.Spec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a plan. */
final class PlanCheck {
    private final List<String> problems = new ArrayList<>();

    void within(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            problems.add(name + " must be from " + (least == Math.ulp(0.0) ? "above 0" : Spec.plain(least)) + " to "
                    + Spec.plain(most) + ", not " + Spec.plain(value));
        }
    }

    void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            problems.add(name + " must be from " + seconds(least) + " to " + seconds(most) + ", not " + seconds(value));
        }
    }

    void rules(String aggregator, String optimizer, RoundMode mode, int minClients) {
        try {
            Aggregator rule = Aggregators.parse(aggregator);
            if (minClients < rule.minimum()) {
                problems.add("minClients must be at least " + rule.minimum() + " for the aggregator " + aggregator
                        + ", not " + minClients);
            }
        } catch (IllegalArgumentException e) {
            problems.add("aggregator: " + e.getMessage());
        }
        try {
            ServerOptimizers.parse(optimizer);
        } catch (IllegalArgumentException e) {
            problems.add("optimizer: " + e.getMessage());
        }
        if (mode == RoundMode.BUFFERED && !aggregator.strip().startsWith("fedbuff")) {
            problems.add(
                    "aggregator: buffered mode folds updates of different ages and needs fedbuff, not " + aggregator);
        }
    }

    void judgedByValidation(int validateEvery, boolean judged) {
        if (judged && validateEvery == 0) {
            problems.add("validateEvery must not be 0 when a stop rule or a best-model rule needs metrics");
        }
    }

    void problem(String sentence) {
        problems.add(sentence);
    }

    /** Ends the check. */
    void done() {
        if (!problems.isEmpty()) {
            throw new InvalidPlanException(problems);
        }
    }

    private static String seconds(Duration duration) {
        return Spec.plain(duration.toMillis() / 1000.0) + " s";
    }
}
