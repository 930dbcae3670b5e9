package io.foedus.core.exchange;

/** What became of a result or of an attempt at one, as its combiner tells. */
public enum Fate {
    /** It is durable and counts. */
    ACCEPTED,
    /** It breaks a rule; the reason says which. */
    REJECTED,
    /** It came after its collection had closed. */
    LATE,
    /** Another result of the same client already counts in this round. */
    DUPLICATE,
    /** The client said that it could not do the task. */
    FAILED,
    /** The client is gone; another combiner may ask it. */
    LOST;

    /** Whether there is no result at all. */
    public boolean isFailure() {
        return this == FAILED || this == LOST;
    }
}
