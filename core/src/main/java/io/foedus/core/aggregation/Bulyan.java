package io.foedus.core.aggregation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Bulyan (El Mhamdi, Guerraoui, Rouault 2018, arXiv:1802.07927, §4): θ = n − 2f contributions are chosen by repeated
 * Krum; then each element is the mean of the θ − 2f chosen values nearest to their median. Withstands f hostile clients
 * among n ≥ 4f + 3.
 *
 * <p>Weights do not count. Refuses partials, as Krum does.
 *
 * @param hostile f
 */
public record Bulyan(int hostile) implements Aggregator {
    @Override
    public String spec() {
        return "bulyan:" + hostile;
    }

    @Override
    public PartialRule partials() {
        return PartialRule.REFUSED;
    }

    @Override
    public int minimum() {
        return 4 * hostile + 3;
    }

    @Override
    public Prepared prepare(Passes passes) throws IOException {
        List<Contribution> contributions = passes.contributions();
        Distances distances = Distances.between(passes);
        int theta = contributions.size() - 2 * hostile;
        List<Integer> left = new ArrayList<>(KrumScores.everybody(contributions.size()));
        List<Integer> chosen = new ArrayList<>();
        while (chosen.size() < theta) {
            Integer best = KrumScores.ranked(distances, left, hostile).get(0);
            chosen.add(best);
            left.remove(best);
        }
        int[] rows = chosen.stream().sorted().mapToInt(Integer::intValue).toArray();
        return Prepared.of(() -> new SortedColumns(rows, this::aroundMedian), contributions)
                .noting(Map.of("selected", KrumScores.ids(contributions, chosen)));
    }

    /** The mean of the values nearest to the median: of sorted values, a window. */
    void aroundMedian(double[][] sorted, int from, int to, double[] result) {
        int theta = sorted.length;
        int beta = theta - 2 * hostile;
        for (int i = from; i < to; i++) {
            double median = (sorted[(theta - 1) / 2][i] + sorted[theta / 2][i]) / 2;
            int start = 0;
            while (start + beta < theta && sorted[start + beta][i] - median < median - sorted[start][i]) {
                start++;
            }
            double sum = 0;
            for (int row = start; row < start + beta; row++) {
                sum += sorted[row][i];
            }
            result[i] = sum / beta;
        }
    }

    /** Finds {@link Bulyan} by name. */
    public static final class Provider implements AggregatorProvider {
        @Override
        public String name() {
            return "bulyan";
        }

        @Override
        public String usage() {
            return "bulyan:hostile=1 – Krum's choice, then a mean around the median; needs 4·hostile + 3 updates";
        }

        @Override
        public Aggregator create(Spec spec) {
            return new Bulyan(spec.knowing("hostile").whole(0, "hostile", 1, 0, 100_000));
        }
    }
}
