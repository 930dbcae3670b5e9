package io.foedus.core.aggregation;

import java.util.List;

/**
 * The weighted mean, Σ wᵢxᵢ / Σ wᵢ: federated averaging (McMahan et al. 2017, arXiv:1602.05629, algorithm 1).
 *
 * <p>Sums in double in fold order, divided once, rounded once. One contribution is reproduced exactly. Partials are
 * exact: the sum of sums is the sum over all, to the last bit where no sum needs more than the 53 bits of a double, and
 * within 2⁻⁵² · n · Σ wᵢ|xᵢ| / Σ wᵢ elsewhere, n being the number of updates.
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
        List<Contribution> contributions = passes.contributions();
        if (contributions.size() == 1 && !passes.isSum(0)) {
            return Prepared.of(() -> new WeightedSum(new double[] {1}), contributions); // it is its own mean
        }
        Sum sum = new Sum(factors(passes), Prepared.weight(contributions), false);
        return Prepared.of(sum::kernel, contributions).summing(sum);
    }

    /** What each contribution's values are multiplied with: its weight, unless they are a sum already. */
    static double[] factors(Passes passes) {
        double[] factors = new double[passes.contributions().size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = passes.isSum(i) ? 1 : passes.contributions().get(i).weight();
        }
        return factors;
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
