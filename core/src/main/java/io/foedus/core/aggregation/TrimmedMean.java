package io.foedus.core.aggregation;

/**
 * The mean of each element's values without the smallest and the largest: of n values, ⌊β·n⌋ at either end are dropped
 * (Yin et al. 2018, arXiv:1803.01498, algorithm 1, option II). Weights do not count. Over partials it is a trimmed mean
 * of trimmed means.
 *
 * @param fraction β, from 0 to below one half
 */
public record TrimmedMean(double fraction) implements Aggregator {
    @Override
    public String spec() {
        return "trimmed-mean:" + Spec.plain(fraction);
    }

    @Override
    public PartialRule partials() {
        return PartialRule.HIERARCHICAL;
    }

    @Override
    public Prepared prepare(Passes passes) {
        int count = passes.contributions().size();
        int cut = (int) Math.floor(fraction * count);
        return Prepared.of(
                () -> new SortedColumns(
                        SortedColumns.all(count),
                        (sorted, from, to, result) -> SortedColumns.mean(sorted, cut, count - cut, from, to, result)),
                passes.contributions());
    }

    /** Finds {@link TrimmedMean} by name. */
    public static final class Provider implements AggregatorProvider {
        @Override
        public String name() {
            return "trimmed-mean";
        }

        @Override
        public String usage() {
            return "trimmed-mean:fraction=0.1 – without that fraction of the smallest and of the largest values";
        }

        @Override
        public Aggregator create(Spec spec) {
            return new TrimmedMean(spec.knowing("fraction").number(0, "fraction", 0.1, 0, Math.nextDown(0.5)));
        }
    }
}
