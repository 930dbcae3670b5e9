package io.foedus.core.aggregation;

/** Whose results a fold combines. */
public enum Tier {
    /** Updates of clients. */
    CLIENTS,
    /** Partials of combiners. */
    PARTIALS
}
