package io.foedus.core.aggregation;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The weighted geometric median, argmin Σ wᵢ‖z − xᵢ‖, by smoothed Weiszfeld iterations: RFA (Pillutla, Kakade,
 * Harchaoui 2019, arXiv:1912.13445, algorithm 2). Withstands hostile clients with less than half of the weight.
 *
 * <p>Every iterate is a weighted mean z = Σ cᵢxᵢ, and ‖z − xᵢ‖² = Σⱼ cⱼDᵢⱼ − ½ Σⱼₖ cⱼcₖDⱼₖ with D the squared distances
 * between contributions. So one pass over the files suffices for any number of iterations; the last coefficients are
 * the weights of one more. Over partials it is a geometric median of geometric medians.
 *
 * @param iterations most iterations; they end earlier when no coefficient moves by more than 1e-12
 * @param smoothing ν, the smallest distance that is divided by
 */
public record GeometricMedian(int iterations, double smoothing) implements Aggregator {
    @Override
    public String spec() {
        return "geometric-median:" + iterations + "," + Spec.plain(smoothing);
    }

    @Override
    public PartialRule partials() {
        return PartialRule.HIERARCHICAL;
    }

    @Override
    public Prepared prepare(Passes passes) throws IOException {
        List<Contribution> contributions = passes.contributions();
        double[] weights = Mean.weights(contributions);
        double[] coefficients = normalised(weights.clone());
        Distances distances = Distances.between(passes);
        int done = 0;
        double moved = 1;
        while (done < iterations && moved > 1e-12) {
            double[] next = step(weights, coefficients, distances);
            moved = 0;
            for (int i = 0; i < next.length; i++) {
                moved = Math.max(moved, Math.abs(next[i] - coefficients[i]));
            }
            coefficients = next;
            done++;
        }
        double[] last = coefficients;
        return Prepared.of(() -> new WeightedSum(last), contributions)
                .noting(Map.of("iterations", String.valueOf(done)));
    }

    private double[] step(double[] weights, double[] c, Distances distances) {
        int count = c.length;
        double[] toPoints = new double[count];
        double spread = 0;
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                toPoints[i] += c[j] * distances.squared(i, j);
            }
            spread += c[i] * toPoints[i];
        }
        double[] next = new double[count];
        for (int i = 0; i < count; i++) {
            double distance = Math.sqrt(Math.max(0, toPoints[i] - spread / 2));
            next[i] = weights[i] / Math.max(smoothing, distance);
        }
        return normalised(next);
    }

    private static double[] normalised(double[] values) {
        double sum = Arrays.stream(values).sum();
        for (int i = 0; i < values.length; i++) {
            values[i] /= sum;
        }
        return values;
    }

    /** Finds {@link GeometricMedian} by name. */
    public static final class Provider implements AggregatorProvider {
        @Override
        public String name() {
            return "geometric-median";
        }

        @Override
        public String usage() {
            return "geometric-median:iterations=100,smoothing=0.000001 – the point nearest to all updates together";
        }

        @Override
        public Aggregator create(Spec spec) {
            spec.knowing("iterations", "smoothing");
            return new GeometricMedian(
                    spec.whole(0, "iterations", 100, 1, 100_000), spec.number(1, "smoothing", 1e-6, 1e-300, 1e6));
        }
    }
}
