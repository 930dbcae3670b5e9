package io.foedus.core.aggregation;

import java.util.List;

/**
 * The weighted mean, Σ wᵢxᵢ / Σ wᵢ: federated averaging (McMahan et al. 2017, arXiv:1602.05629, algorithm 1).
 *
 * <p>Sums in double in fold order. One contribution is reproduced exactly. Partials are exact: the mean of means, each
 * weighted by its sum of weights, is the mean of all.
 */
public record Mean() implements Aggregator {
    @Override
    public String spec() {
        return "mean";
    }

    @Override
    public PartialRule partials() {
        return PartialRule.EXACT;
    }

    @Override
    public Prepared prepare(Passes passes) {
        double[] weights = weights(passes.contributions());
        return Prepared.of(() -> new WeightedSum(weights), passes.contributions());
    }

    /** Positive weights in fold order; a single one becomes 1, so that w·x/w cannot round. */
    static double[] weights(List<Contribution> contributions) {
        if (contributions.size() == 1) {
            return new double[] {1};
        }
        return contributions.stream().mapToDouble(Contribution::weight).toArray();
    }

    /** Finds {@link Mean} by name. */
    public static final class Provider implements AggregatorProvider {
        @Override
        public String name() {
            return "mean";
        }

        @Override
        public String usage() {
            return "mean – weighted by examples; hierarchical equals flat";
        }

        @Override
        public Aggregator create(Spec spec) {
            spec.knowing();
            return new Mean();
        }
    }
}
