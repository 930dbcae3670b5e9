package io.foedus.core.plan;

import io.foedus.core.aggregation.Aggregator;
import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.ServerOptimizers;
import io.foedus.core.aggregation.Spec;
import io.foedus.core.plan.InvalidPlanException.Breach;
import io.foedus.core.round.RoundMode;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a plan. */
final class Breaches {
    private final List<Breach> found = new ArrayList<>();

    /** @param what the rest of a sentence that begins with the key */
    void add(String key, String what) {
        found.add(new Breach(key, key + what));
    }

    void add(PlanKey key, String what) {
        add(key.name(), what);
    }

    void addAll(InvalidPlanException other) {
        found.addAll(other.breaches());
    }

    void within(PlanKey key, double value) {
        within(key, value, key.least(), key.most());
    }

    void within(PlanKey key, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            add(key, " must be " + key.range(least, most) + ", not " + key.shown(value));
        }
    }

    /** A count for which 0 stands for something else. */
    void zeroOrWithin(PlanKey key, int value, int least) {
        if (value != 0) {
            within(key, value, Math.max(1, least), key.most());
        }
    }

    void rules(String aggregator, String optimizer, RoundMode mode, int minClients) {
        try {
            Aggregator rule = Aggregators.parse(aggregator);
            if (PlanKey.MIN_CLIENTS.holds(minClients) && minClients < rule.minimum()) {
                add(
                        PlanKey.MIN_CLIENTS,
                        " must be at least " + rule.minimum() + " for the aggregator " + aggregator + ", not "
                                + minClients);
            }
        } catch (IllegalArgumentException e) {
            add(PlanKey.AGGREGATOR, ": " + e.getMessage());
        }
        try {
            ServerOptimizers.parse(optimizer);
        } catch (IllegalArgumentException e) {
            add(PlanKey.OPTIMIZER, ": " + e.getMessage());
        }
        if (mode == RoundMode.BUFFERED && !aggregator.strip().startsWith("fedbuff")) {
            add(
                    PlanKey.AGGREGATOR,
                    ": buffered mode folds updates of different ages and needs fedbuff, not " + aggregator);
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** @throws InvalidPlanException with all that was found, if anything was */
    void done() {
        if (!found.isEmpty()) {
            throw new InvalidPlanException(found);
        }
    }

    /** A number without a needless fraction. */
    static String plain(double value) {
        return Spec.plain(value);
    }
}
