package io.foedus.core.aggregation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The choice at the heart of Krum: whose neighbours are near. Ties go to the lower place in fold order. */
final class KrumScores {
    private KrumScores() {}

    /**
     * The candidates, best first.
     *
     * @param hostile how many hostile contributions are feared: a score is the sum of squared distances to the {@code n
     *     - hostile - 2} nearest others, at least one
     */
    static List<Integer> ranked(Distances distances, List<Integer> candidates, int hostile) {
        int neighbours = Math.max(1, candidates.size() - hostile - 2);
        double[] scores = new double[distances.count()];
        for (int a : candidates) {
            double[] others = candidates.stream()
                    .filter(b -> b != a)
                    .mapToDouble(b -> distances.squared(a, b))
                    .sorted()
                    .toArray();
            scores[a] = Arrays.stream(others).limit(neighbours).sum();
        }
        List<Integer> ranked = new ArrayList<>(candidates);
        ranked.sort(Comparator.comparingDouble((Integer a) -> scores[a]).thenComparing(Comparator.naturalOrder()));
        return ranked;
    }

    static List<Integer> everybody(int count) {
        return Arrays.stream(SortedColumns.all(count)).boxed().toList();
    }

    /** The names of the chosen, for the record. */
    static String ids(List<Contribution> contributions, List<Integer> chosen) {
        return chosen.stream()
                .sorted()
                .map(index -> contributions.get(index).id())
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }
}
