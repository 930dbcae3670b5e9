package io.foedus.core.aggregation;

import java.io.IOException;
import java.util.Arrays;

/** The kernel of every mean: one pass, one array. */
final class WeightedSum implements Kernel {
    private final double[] weights;
    private final double total;

    WeightedSum(double[] weights) {
        this.weights = weights;
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        this.total = sum;
    }

    @Override
    public void combine(Block block, double[] result) throws IOException {
        int length = block.length();
        Arrays.fill(result, 0, length, 0.0);
        for (int c = 0; c < weights.length; c++) {
            if (weights[c] != 0) {
                block.addScaled(c, weights[c], result);
            }
        }
        for (int i = 0; i < length; i++) {
            result[i] /= total;
        }
    }
}
