package io.foedus.core.exchange;

/** How a combiner chooses among its clients. */
public enum SelectionKind {
    /** It asks everybody. */
    ALL,
    /** By lot. */
    RANDOM,
    /** By lot among those with the labels. */
    ATTRIBUTE
}
