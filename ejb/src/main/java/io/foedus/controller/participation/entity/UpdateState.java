package io.foedus.controller.participation.entity;

/** What became of an update, as its row says; what combiners tell on the way there is a fate. */
public enum UpdateState {
    /** Its combiner took it; the report of the combiner's share will say what became of it. */
    RECEIVED,
    /** Folded, as its share's report says. At most one per round and client. */
    ACCEPTED,
    /** Not acceptable: wrong layout, not finite, too far off. */
    REJECTED,
    /** It came after its collection was closed, or its round went on without it. */
    LATE,
    /** The client had an accepted one already. */
    DUPLICATE
}
