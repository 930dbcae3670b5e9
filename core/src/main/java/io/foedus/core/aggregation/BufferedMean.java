package io.foedus.core.aggregation;

import java.util.List;
import java.util.Map;

/**
 * FedBuff (Nguyen et al. 2022, arXiv:2106.06639, algorithm 1): base + Σ wᵢ·s(τᵢ)·Δᵢ / Σ wᵢ, where Δᵢ is an update's
 * difference to the model it started from, τᵢ how many models have been published since, and s(τ) = (1 + τ)^−a. A stale
 * update moves the model less; its missing share is not given to others.
 *
 * <p>Partials are exact if they are relative to the same base. With τ = 0 everywhere this is the weighted mean.
 *
 * @param exponent a, from 0 (staleness does not matter); the paper's choice is 0.5
 */
public record BufferedMean(double exponent) implements Aggregator {
    @Override
    public String spec() {
        return "fedbuff:" + Spec.plain(exponent);
    }

    @Override
    public PartialRule partials() {
        return PartialRule.EXACT;
    }

    @Override
    public boolean needsBase() {
        return true;
    }

    @Override
    public Prepared prepare(Passes passes) {
        List<Contribution> contributions = passes.contributions();
        double[] weights = Mean.weights(contributions);
        double total = java.util.Arrays.stream(weights).sum();
        double[] factors = new double[weights.length];
        double[] summed = Mean.factors(passes);
        int oldest = 0;
        for (int i = 0; i < weights.length; i++) {
            Contribution contribution = contributions.get(i);
            if (contribution.staleness() > 0 && contribution.origin().isEmpty()) {
                throw new IllegalArgumentException("contribution " + contribution.id() + " is "
                        + contribution.staleness() + " models old, but the model it started from is not given");
            }
            double fresh = StrictMath.pow(1.0 + contribution.staleness(), -exponent);
            factors[i] = weights[i] / total * fresh;
            summed[i] *= fresh;
            oldest = Math.max(oldest, contribution.staleness());
        }
        Sum sum = new Sum(summed, Prepared.weight(contributions), true);
        return Prepared.of(sum.over(passes, factors), contributions)
                .summing(sum)
                .noting(Map.of("oldest", String.valueOf(oldest)));
    }

    /** Finds {@link BufferedMean} by name. */
    public static final class Provider implements AggregatorProvider {
        @Override
        public String name() {
            return "fedbuff";
        }

        @Override
        public String usage() {
            return "fedbuff:exponent=0.5 – buffered asynchronous mean; an update τ models old counts (1+τ)^-exponent";
        }

        @Override
        public Aggregator create(Spec spec) {
            return new BufferedMean(spec.knowing("exponent").number(0, "exponent", 0.5, 0, 100));
        }
    }
}
