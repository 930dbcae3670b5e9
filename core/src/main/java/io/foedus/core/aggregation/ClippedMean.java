package io.foedus.core.aggregation;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The weighted mean of clipped differences: base + Σ wᵢ·min(1, S/‖Δᵢ‖)·Δᵢ / Σ wᵢ, with Δᵢ = xᵢ − base (McMahan et al.
 * 2018, arXiv:1710.06963, flat clipping). No update moves the model by more than its share of S.
 *
 * <p>Partials are exact: the mean of clipped differences has a norm of at most S and is not clipped again.
 *
 * @param bound S, the largest norm, above 0
 * @param equal whether every contribution counts 1 whatever its weight, as differential privacy demands
 */
public record ClippedMean(double bound, boolean equal) implements Aggregator {
    @Override
    public String spec() {
        return (equal ? "clipped-equal-mean:" : "clipped-mean:") + Spec.plain(bound);
    }

    @Override
    public double weight(long examples) {
        return equal ? 1 : examples;
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
    public IntegerRule integers() {
        return equal ? IntegerRule.KEEP_BASE : IntegerRule.AGREE_OR_ROUND;
    }

    @Override
    public Prepared prepare(Passes passes) throws IOException {
        double[] norms = Norms.ofDifferences(passes);
        // a partial counts as many clients as it holds
        boolean ones = equal && passes.tier() == Tier.CLIENTS;
        double[] factors = factors(passes.contributions(), norms, bound, ones);
        Sum sum = sum(passes, norms, bound, ones);
        return new Prepared(
                sum.over(passes, factors),
                Optional.of(sum),
                ones ? passes.contributions().size() : Prepared.weight(passes.contributions()),
                notes(norms, bound),
                Optional.empty());
    }

    static double[] factors(List<Contribution> contributions, double[] norms, double bound, boolean equal) {
        double[] weights = equal ? new double[contributions.size()] : Mean.weights(contributions);
        if (equal) {
            Arrays.fill(weights, 1);
        }
        double total = Arrays.stream(weights).sum();
        double[] factors = new double[norms.length];
        for (int i = 0; i < norms.length; i++) {
            factors[i] = weights[i] / total * clip(norms[i], bound);
        }
        return factors;
    }

    static Sum sum(Passes passes, double[] norms, double bound, boolean equal) {
        double[] factors = Mean.factors(passes);
        for (int i = 0; i < norms.length; i++) {
            factors[i] = (equal ? 1 : factors[i]) * clip(norms[i], bound);
        }
        double total = equal ? norms.length : Prepared.weight(passes.contributions());
        return new Sum(factors, total, true);
    }

    private static double clip(double norm, double bound) {
        // a partial whose norm exceeds the bound by rounding alone is not clipped again
        boolean within = norm <= bound * (1 + 1e-6);
        return within ? 1 : bound / norm;
    }

    static Map<String, String> notes(double[] norms, double bound) {
        double[] sorted = norms.clone();
        Arrays.sort(sorted);
        long clipped = Arrays.stream(norms).filter(norm -> norm > bound).count();
        return Map.of(
                "clip", Spec.plain(bound),
                "clipped", String.valueOf(clipped),
                "norms", String.format(Locale.ROOT, "%.6g to %.6g", sorted[0], sorted[sorted.length - 1]));
    }

    /** Finds the weighted form by name. */
    public static final class Provider implements AggregatorProvider {
        @Override
        public String name() {
            return "clipped-mean";
        }

        @Override
        public String usage() {
            return "clipped-mean:bound – the mean of updates shortened to that norm; hierarchical equals flat";
        }

        @Override
        public Aggregator create(Spec spec) {
            return new ClippedMean(bound(spec), false);
        }
    }

    /** Finds the unweighted form by name: what combiners fold with in a private session. */
    public static final class EqualProvider implements AggregatorProvider {
        @Override
        public String name() {
            return "clipped-equal-mean";
        }

        @Override
        public String usage() {
            return "clipped-equal-mean:bound – the same, every client counting 1: a combiner's share of dp-mean";
        }

        @Override
        public Aggregator create(Spec spec) {
            return new ClippedMean(bound(spec), true);
        }
    }

    private static double bound(Spec spec) {
        if (spec.knowing("bound").arguments().isEmpty()) {
            throw new IllegalArgumentException(
                    spec.name() + " needs the largest norm, for example " + spec.name() + ":10");
        }
        return spec.number(0, "bound", 1, Double.MIN_VALUE, Double.MAX_VALUE);
    }
}
