package io.foedus.core.aggregation;

import java.io.IOException;

/**
 * The kernel of rules that move the base model by scaled differences: base + Σ fᵢ·(xᵢ − originᵢ). With f constant and
 * origins the base this is a mean; the sum is taken as written, so that f = 0 leaves the base untouched.
 */
final class DifferenceSum implements Kernel {
    private final double[] factors;

    DifferenceSum(double[] factors) {
        this.factors = factors;
    }

    @Override
    public void combine(Block block, double[] result) throws IOException {
        block.base(result);
        for (int c = 0; c < factors.length; c++) {
            if (factors[c] != 0) {
                block.addScaled(c, factors[c], result);
                block.addOriginScaled(c, -factors[c], result);
            }
        }
    }
}
