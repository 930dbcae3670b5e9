package io.foedus.core.aggregation;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Krum and multi-Krum (Blanchard et al. 2017, "Machine Learning with Adversaries", NeurIPS 30): the contribution – or
 * the unweighted mean of the {@code keep} contributions – with the smallest sum of squared distances to its n − f − 2
 * nearest others. Withstands f hostile clients among n ≥ 2f + 3.
 *
 * <p>Weights do not count. Refuses partials: a combiner's mean hides the hostile update that it contains.
 *
 * @param hostile f
 * @param keep how many are averaged; 1 is Krum; 0 means n − f
 */
public record Krum(int hostile, int keep) implements Aggregator {
    @Override
    public String spec() {
        return keep == 1 ? "krum:" + hostile : "multi-krum:" + hostile + (keep == 0 ? "" : "," + keep);
    }

    @Override
    public PartialRule partials() {
        return PartialRule.REFUSED;
    }

    @Override
    public int minimum() {
        return Math.max(2 * hostile + 3, keep);
    }

    @Override
    public Prepared prepare(Passes passes) throws IOException {
        List<Contribution> contributions = passes.contributions();
        int count = contributions.size();
        int kept = keep == 0 ? count - hostile : keep;
        List<Integer> chosen = KrumScores.ranked(Distances.between(passes), KrumScores.everybody(count), hostile)
                .subList(0, kept);
        double[] weights = new double[count];
        chosen.forEach(index -> weights[index] = 1);
        return Prepared.of(() -> new WeightedSum(weights), contributions)
                .noting(Map.of("selected", KrumScores.ids(contributions, chosen)));
    }

    /** Finds Krum by name. */
    public static final class Provider implements AggregatorProvider {
        @Override
        public String name() {
            return "krum";
        }

        @Override
        public String usage() {
            return "krum:hostile=1 – the one update with the nearest neighbours; needs 2·hostile + 3 updates";
        }

        @Override
        public Aggregator create(Spec spec) {
            return new Krum(spec.knowing("hostile").whole(0, "hostile", 1, 0, 100_000), 1);
        }
    }

    /** Finds multi-Krum by name. */
    public static final class MultiProvider implements AggregatorProvider {
        @Override
        public String name() {
            return "multi-krum";
        }

        @Override
        public String usage() {
            return "multi-krum:hostile=1,keep=n-hostile – the mean of the updates with the nearest neighbours";
        }

        @Override
        public Aggregator create(Spec spec) {
            spec.knowing("hostile", "keep");
            return new Krum(spec.whole(0, "hostile", 1, 0, 100_000), spec.whole(1, "keep", 0, 0, 1_000_000));
        }
    }
}
