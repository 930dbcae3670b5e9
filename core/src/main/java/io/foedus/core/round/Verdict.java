package io.foedus.core.round;

/** What to do with a collection now. */
public enum Verdict {
    /** More may come, and is worth waiting for. */
    WAIT,
    /** Enough is here: combine it. */
    CLOSE,
    /** The minimum cannot or did not come in time. */
    ABORT
}
