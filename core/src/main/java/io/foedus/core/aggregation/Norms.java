package io.foedus.core.aggregation;

import java.io.IOException;

/** The L2 norms of the contributions' differences to their origin, over all floating tensors, from one pass. */
final class Norms {
    private Norms() {}

    static double[] ofDifferences(Passes passes) throws IOException {
        int count = passes.contributions().size();
        double[] squares = passes.sum(count, () -> new Squares(count));
        for (int i = 0; i < count; i++) {
            // a sum of differences is as far from the mean as its weight says
            double weight = passes.isSum(i) ? passes.contributions().get(i).weight() : 1;
            squares[i] = Math.sqrt(squares[i]) / weight;
        }
        return squares;
    }

    private static final class Squares implements Passes.Summand {
        private final int count;
        private double[] difference = new double[0];

        Squares(int count) {
            this.count = count;
        }

        @Override
        public void add(Block block, double[] sums) throws IOException {
            int length = block.length();
            if (difference.length < length) {
                difference = new double[length];
            }
            for (int c = 0; c < count; c++) {
                block.read(c, difference);
                block.addOriginScaled(c, -1, difference);
                for (int i = 0; i < length; i++) {
                    difference[i] *= difference[i];
                }
                sums[c] += Lanes.sum(difference, length);
            }
        }
    }
}
