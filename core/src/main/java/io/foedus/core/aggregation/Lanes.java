package io.foedus.core.aggregation;

/** Sums whose order is fixed and whose additions overlap: pairwise halving, in place. */
final class Lanes {
    private Lanes() {}

    /** Sums the first {@code count} values and destroys them. Pairwise: the rounding error grows with log n only. */
    static double sum(double[] values, int count) {
        if (count == 0) {
            return 0;
        }
        int width = count;
        while (width > 1) {
            int half = (width + 1) >> 1;
            fold(values, half, width - half);
            width = half;
        }
        return values[0];
    }

    private static void fold(double[] values, int half, int pairs) {
        for (int i = 0; i < pairs; i++) {
            values[i] += values[half + i];
        }
    }
}
