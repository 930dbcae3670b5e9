package io.foedus.core.aggregation;

/** What it means to apply an aggregator to results of itself. */
public enum PartialRule {
    /** The same result as one fold over all clients, but for the rounding of double sums. */
    EXACT,
    /** A sound result of its own meaning, for example a median of medians; not the flat one. */
    HIERARCHICAL,
    /** Wrong or unsafe; the fold refuses. Combiners then pass updates on, or one combiner takes the whole round. */
    REFUSED
}
