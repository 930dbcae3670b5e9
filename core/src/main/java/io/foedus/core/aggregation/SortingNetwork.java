package io.foedus.core.aggregation;

import java.util.ArrayList;
import java.util.List;

/**
 * Sorts the columns of a few rows at once: Batcher's odd-even merge sort (Knuth, TAOCP 3, 5.2.2, algorithm M), a fixed
 * list of row pairs of which the smaller values go up and the larger down. No branch depends on data, so a column costs
 * the same whatever is in it, and the loop over columns is one that the JIT vectorises.
 */
final class SortingNetwork {
    private final int[] upper;
    private final int[] lower;

    private SortingNetwork(List<int[]> pairs) {
        upper = pairs.stream().mapToInt(pair -> pair[0]).toArray();
        lower = pairs.stream().mapToInt(pair -> pair[1]).toArray();
    }

    static SortingNetwork of(int rows) {
        List<int[]> pairs = new ArrayList<>();
        int top = Integer.highestOneBit(Math.max(1, rows - 1));
        for (int p = top; p > 0; p >>= 1) {
            int q = top;
            int r = 0;
            int d = p;
            while (true) {
                for (int i = 0; i < rows - d; i++) {
                    if ((i & p) == r) {
                        pairs.add(new int[] {i, i + d});
                    }
                }
                if (q == p) {
                    break;
                }
                d = q - p;
                q >>= 1;
                r = p;
            }
        }
        return new SortingNetwork(pairs);
    }

    /** Sorts each of the columns {@code from} to {@code to} (exclusive), smallest first. */
    void sort(double[][] rows, int from, int to) {
        for (int pair = 0; pair < upper.length; pair++) {
            exchange(rows[upper[pair]], rows[lower[pair]], from, to);
        }
    }

    private static void exchange(double[] small, double[] large, int from, int to) {
        for (int i = from; i < to; i++) {
            double a = small[i];
            double b = large[i];
            small[i] = Math.min(a, b);
            large[i] = Math.max(a, b);
        }
    }
}
