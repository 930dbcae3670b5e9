package io.foedus.core.aggregation;

import java.io.IOException;

/**
 * The kernel of rules that look at each element's values in order: reads the rows, sorts strips of columns, combines.
 */
final class SortedColumns implements Kernel {
    /** Columns of a strip: few enough that a dozen rows of it stay in the first-level cache. */
    private static final int STRIP = 256;

    /** Makes results from sorted columns. */
    @FunctionalInterface
    interface Combine {
        void strip(double[][] sorted, int from, int to, double[] result);
    }

    private final int[] rowsUsed;
    private final SortingNetwork network;
    private final Combine combine;
    private double[][] rows = new double[0][0];

    SortedColumns(int[] rowsUsed, Combine combine) {
        this.rowsUsed = rowsUsed;
        this.network = SortingNetwork.of(rowsUsed.length);
        this.combine = combine;
    }

    static int[] all(int count) {
        return java.util.stream.IntStream.range(0, count).toArray();
    }

    @Override
    public void combine(Block block, double[] result) throws IOException {
        if (rows.length == 0 || rows[0].length < block.length()) {
            rows = new double[rowsUsed.length][block.length()];
        }
        for (int row = 0; row < rowsUsed.length; row++) {
            block.read(rowsUsed[row], rows[row]);
        }
        for (int from = 0; from < block.length(); from += STRIP) {
            int to = Math.min(from + STRIP, block.length());
            network.sort(rows, from, to);
            combine.strip(rows, from, to, result);
        }
    }

    /** Writes the mean of the sorted rows {@code first} to {@code last} (exclusive). */
    static void mean(double[][] sorted, int first, int last, int from, int to, double[] result) {
        java.util.Arrays.fill(result, from, to, 0.0);
        for (int row = first; row < last; row++) {
            add(sorted[row], from, to, result);
        }
        int count = last - first;
        for (int i = from; i < to; i++) {
            result[i] /= count;
        }
    }

    private static void add(double[] row, int from, int to, double[] result) {
        for (int i = from; i < to; i++) {
            result[i] += row[i];
        }
    }
}
