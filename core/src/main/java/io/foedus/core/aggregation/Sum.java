package io.foedus.core.aggregation;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A rule that is a sum over its contributions, divided once: Σ gᵢ·xᵢ / W, or base + Σ gᵢ·(xᵢ − originᵢ) / W. What a
 * combiner adds up travels undivided, so that combiners' sums add up to the sum over all clients.
 *
 * @param factors gᵢ in fold order; 1 for a partial that is such a sum itself
 * @param total W
 * @param differences whether differences to the models that contributions started from are summed
 */
@SuppressWarnings("ArrayRecordComponent")
public record Sum(double[] factors, double total, boolean differences) {
    /** The sum alone. */
    void add(Block block, double[] sums) throws IOException {
        Arrays.fill(sums, 0, block.length(), 0.0);
        for (int c = 0; c < factors.length; c++) {
            if (factors[c] != 0) {
                block.addScaled(c, factors[c], sums);
                if (differences) {
                    block.addOriginScaled(c, -factors[c], sums);
                }
            }
        }
    }

    /** What a sum comes to. */
    void divide(Block block, double[] sums, double[] result) throws IOException {
        if (differences) {
            block.base(result);
            for (int i = 0; i < block.length(); i++) {
                result[i] += sums[i] / total;
            }
        } else {
            for (int i = 0; i < block.length(); i++) {
                result[i] = sums[i] / total;
            }
        }
    }

    /**
     * How differences are combined: as a sum if there are sums among them, else with quotients, which is how models of
     * before were made.
     *
     * @param quotients gᵢ/W in fold order
     */
    Supplier<Kernel> over(Passes passes, double[] quotients) {
        for (int i = 0; i < factors.length; i++) {
            if (passes.isSum(i)) {
                return this::kernel;
            }
        }
        return () -> new DifferenceSum(quotients);
    }

    /** Sum and division in one. */
    Kernel kernel() {
        return new Kernel() {
            private double[] sums = new double[0];

            @Override
            public void combine(Block block, double[] result) throws IOException {
                if (sums.length < block.length()) {
                    sums = new double[result.length];
                }
                add(block, sums);
                divide(block, sums, result);
            }
        };
    }
}
