package io.foedus.combiner.collection.entity;

import java.util.EnumSet;
import java.util.Set;

/** Where a collection is; knows where it may go. */
public enum Phase {
    /** The base model is on its way, clients are being chosen and claimed. */
    OPENING,
    /** Clients work. */
    COLLECTING,
    /** What came is combined and reported. */
    CLOSING,
    /** The controller has the report. */
    REPORTED,
    /** Nobody wants it any more. */
    CANCELLED;

    private Set<Phase> successors() {
        return switch (this) {
            case OPENING -> EnumSet.of(COLLECTING, CLOSING, CANCELLED);
            case COLLECTING -> EnumSet.of(CLOSING, CANCELLED);
            case CLOSING -> EnumSet.of(REPORTED, CANCELLED);
            case REPORTED -> EnumSet.of(CLOSING, CANCELLED);
            case CANCELLED -> EnumSet.noneOf(Phase.class);
        };
    }

    /** Whether results are still taken. */
    public boolean open() {
        return this == OPENING || this == COLLECTING;
    }

    /** Whether there is still something to do for it. */
    public boolean wanted() {
        return open() || this == CLOSING;
    }

    /** @throws IllegalStateException if the step is not one */
    public Phase to(Phase next) {
        if (!successors().contains(next)) {
            throw new IllegalStateException("a collection that is " + this + " cannot become " + next);
        }
        return next;
    }
}
