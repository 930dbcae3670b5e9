package io.foedus.core.aggregation;

/**
 * The coordinate-wise median; for an even number the mean of the middle two (Yin et al. 2018, arXiv:1803.01498,
 * algorithm 1, option I).
 *
 * <p>Weights do not count: whoever claims many examples gains nothing. Withstands fewer than half hostile clients. Over
 * partials it is a median of medians, which withstands hostile clients only where fewer than half of each combiner's
 * and fewer than half of the combiners are.
 */
public record Median() implements Aggregator {
    @Override
    public String spec() {
        return "median";
    }

    @Override
    public PartialRule partials() {
        return PartialRule.HIERARCHICAL;
    }

    @Override
    public Prepared prepare(Passes passes) {
        int count = passes.contributions().size();
        int first = (count - 1) / 2;
        int last = count / 2 + 1;
        return Prepared.of(
                () -> new SortedColumns(
                        SortedColumns.all(count),
                        (sorted, from, to, result) -> SortedColumns.mean(sorted, first, last, from, to, result)),
                passes.contributions());
    }

    /** Finds {@link Median} by name. */
    public static final class Provider implements AggregatorProvider {
        @Override
        public String name() {
            return "median";
        }

        @Override
        public String usage() {
            return "median – of each element, unweighted; over combiners a median of medians";
        }

        @Override
        public Aggregator create(Spec spec) {
            spec.knowing();
            return new Median();
        }
    }
}
