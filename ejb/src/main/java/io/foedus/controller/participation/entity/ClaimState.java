package io.foedus.controller.participation.entity;

/** How far a client's part in a round got; a column of the ledger. */
public enum ClaimState {
    /** Its combiner may ask it and count it. */
    CLAIMED,
    /** Counted: its result is in the combiner's share. Final. */
    REPORTED,
    /** The client said that it cannot. */
    FAILED,
    /** Its combiner or its stream was lost; another combiner may claim it. */
    LOST
}
