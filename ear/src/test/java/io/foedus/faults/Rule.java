package io.foedus.faults;

import java.util.Arrays;
import java.util.List;

/**
 * What an aggregator is to make of vectors, in a few lines that share no code with the product: a mean by weight, or a
 * median or trimmed mean in which all count the same.
 */
enum Rule {
    MEAN {
        @Override
        double of(double[] values, double[] weights) {
            double sum = 0;
            double weight = 0;
            for (int i = 0; i < values.length; i++) {
                sum += weights[i] * values[i];
                weight += weights[i];
            }
            return sum / weight;
        }
    },
    MEDIAN {
        @Override
        double of(double[] values, double[] weights) {
            double[] sorted = sorted(values);
            return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        }
    },
    /** A third is cut off at either end, as {@code trimmed-mean:0.34} does. */
    TRIMMED_MEAN {
        @Override
        double of(double[] values, double[] weights) {
            int cut = (int) Math.floor(0.34 * values.length);
            return Arrays.stream(sorted(values), cut, values.length - cut)
                    .average()
                    .orElseThrow();
        }
    };

    /** The rule that an aggregator's spec names. */
    static Rule of(String aggregator) {
        return switch (aggregator) {
            case "mean" -> MEAN;
            case "median" -> MEDIAN;
            case "trimmed-mean:0.34" -> TRIMMED_MEAN;
            default -> throw new IllegalArgumentException("the checker does not know the rule " + aggregator);
        };
    }

    /** What it makes of one element. */
    abstract double of(double[] values, double[] weights);

    /**
     * What it makes of vectors of one length.
     *
     * @param weights how many examples are behind each
     */
    double[] of(List<double[]> vectors, double[] weights) {
        double[] result = new double[vectors.get(0).length];
        double[] column = new double[vectors.size()];
        for (int i = 0; i < result.length; i++) {
            for (int j = 0; j < column.length; j++) {
                column[j] = vectors.get(j)[i];
            }
            result[i] = of(column, weights);
        }
        return result;
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }
}
