package io.foedus.controller.participation.entity;

/** What became of an update. */
public enum Fate {
    /** Folded into the round's model. At most one per round and client. */
    ACCEPTED,
    /** Not acceptable: wrong layout, not finite, too far off. */
    REJECTED,
    /** It came after its collection was closed. */
    LATE,
    /** The client had an accepted one already. */
    DUPLICATE
}
