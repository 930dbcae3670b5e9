package io.foedus.core.aggregation;

import java.io.IOException;

/** Squared Euclidean distances between all contributions over all floating tensors, from one pass over the files. */
final class Distances {
    private static final int STRIP = 512;

    private final double[][] squares;

    private Distances(double[][] squares) {
        this.squares = squares;
    }

    static Distances between(Passes passes) throws IOException {
        int count = passes.contributions().size();
        double[] sums = passes.sum(count * (count - 1) / 2, () -> new Pairs(count));
        double[][] squares = new double[count][count];
        int pair = 0;
        for (int a = 0; a < count; a++) {
            for (int b = a + 1; b < count; b++) {
                squares[a][b] = sums[pair];
                squares[b][a] = sums[pair++];
            }
        }
        return new Distances(squares);
    }

    int count() {
        return squares.length;
    }

    double squared(int a, int b) {
        return squares[a][b];
    }

    /** Sums for all pairs of rows; lanes instead of one sum, so that the loop can be vectorised. */
    private static final class Pairs implements Passes.Summand {
        private final double[] lanes = new double[STRIP];
        private final double[][] rows;

        Pairs(int count) {
            rows = new double[count][0];
        }

        @Override
        public void add(Block block, double[] sums) throws IOException {
            if (rows[0].length < block.length()) {
                for (int row = 0; row < rows.length; row++) {
                    rows[row] = new double[block.length()];
                }
            }
            for (int row = 0; row < rows.length; row++) {
                block.read(row, rows[row]);
            }
            for (int from = 0; from < block.length(); from += STRIP) {
                int count = Math.min(STRIP, block.length() - from);
                int pair = 0;
                for (int a = 0; a < rows.length; a++) {
                    for (int b = a + 1; b < rows.length; b++) {
                        sums[pair++] += squaredDistance(rows[a], rows[b], from, count);
                    }
                }
            }
        }

        private double squaredDistance(double[] a, double[] b, int from, int count) {
            for (int i = 0; i < count; i++) {
                double difference = a[from + i] - b[from + i];
                lanes[i] = difference * difference;
            }
            return Lanes.sum(lanes, count);
        }
    }
}
