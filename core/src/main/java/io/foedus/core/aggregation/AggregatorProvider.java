package io.foedus.core.aggregation;

/** Makes aggregators of one name. Found by {@link java.util.ServiceLoader}; stateless. */
public interface AggregatorProvider {
    /** The name before the colon of a spec. */
    String name();

    /** For people: the spec with its arguments and one sentence, for example {@code mean – the weighted mean}. */
    String usage();

    /**
     * Makes an aggregator.
     *
     * @throws IllegalArgumentException with a sentence about the argument that is wrong
     */
    Aggregator create(Spec spec);
}
