package io.foedus.core.aggregation;

import java.io.IOException;

/** A rule that makes one model of many. Immutable; one instance may serve any number of folds at once. */
public interface Aggregator {
    /** The text that {@link Aggregators#parse} turns into an equal aggregator. */
    String spec();

    /** What applying this rule to partials of itself means. */
    PartialRule partials();

    /**
     * The spec that combiners fold their clients with when there are several, where that is not this one: a rule whose
     * last step belongs to the root alone, such as noise, leaves it out there.
     */
    default String combinerSpec() {
        return spec();
    }

    /**
     * What a client's update counts with among others, and a partial with the sum of it: its examples, or 1 where the
     * rule counts clients. {@link FoldResult#weight} of a fold over clients is the sum of these.
     */
    default double weight(long examples) {
        return examples;
    }

    /** What happens to tensors that are not floating. */
    default IntegerRule integers() {
        return IntegerRule.AGREE_OR_ROUND;
    }

    /** Fewest contributions that make sense; never less than 1. */
    default int minimum() {
        return 1;
    }

    /** Whether the rule works on differences to the current global model and so needs it. */
    default boolean needsBase() {
        return false;
    }

    /**
     * Looks at the contributions, with passes over their files where the rule needs them.
     *
     * @throws IllegalArgumentException if the rule cannot be applied to these contributions, saying why
     */
    Prepared prepare(Passes passes) throws IOException;
}
