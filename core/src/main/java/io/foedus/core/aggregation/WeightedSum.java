package io.foedus.core.aggregation;

import java.io.IOException;
import java.util.Arrays;

/** The kernel of every mean: one pass, two arrays. */
final class WeightedSum implements Kernel {
    private final double[] weights;
    private final double total;
    private double[] values = new double[0];

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
        if (values.length < length) {
            values = new double[length];
        }
        Arrays.fill(result, 0, length, 0.0);
        for (int c = 0; c < weights.length; c++) {
            if (weights[c] != 0) {
                block.read(c, values);
                addScaled(values, weights[c], result, length);
            }
        }
        for (int i = 0; i < length; i++) {
            result[i] /= total;
        }
    }

    private static void addScaled(double[] from, double weight, double[] to, int length) {
        for (int i = 0; i < length; i++) {
            to[i] += weight * from[i];
        }
    }
}
