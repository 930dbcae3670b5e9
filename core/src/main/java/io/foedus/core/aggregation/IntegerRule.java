package io.foedus.core.aggregation;

/** What happens to tensors that are not floating (counters, ids, masks). */
public enum IntegerRule {
    /**
     * Values on which all contributions agree are kept bit for bit; where they differ the kernel decides on doubles,
     * and the result is rounded to the nearest integer (ties to even) and saturated; booleans are true from 0.5 up.
     */
    AGREE_OR_ROUND,
    /** The base model's values stay. */
    KEEP_BASE
}
