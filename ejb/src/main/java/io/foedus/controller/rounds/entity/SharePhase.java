package io.foedus.controller.rounds.entity;

import java.util.EnumSet;
import java.util.Set;

/** Where one combiner's part of a round is; knows where it may go. */
public enum SharePhase {
    /** The combiner's next heartbeat brings it. */
    OFFERED,
    /** The combiner works on it. */
    RUNNING,
    /** Its result is here. */
    REPORTED,
    /** The combiner was silent longer than its lease; if it comes back in time it gets the share again. */
    LOST,
    /** The round went on without it. */
    CANCELLED;

    /** The phases that may follow. A combiner that was restarted is offered its share again. */
    public Set<SharePhase> successors() {
        return switch (this) {
            case OFFERED -> EnumSet.of(RUNNING, REPORTED, LOST, CANCELLED);
            case RUNNING -> EnumSet.of(OFFERED, REPORTED, LOST, CANCELLED);
            case LOST -> EnumSet.of(OFFERED);
            case REPORTED, CANCELLED -> EnumSet.noneOf(SharePhase.class);
        };
    }

    /** Whether its combiner is to work on it. */
    public boolean open() {
        return this == OFFERED || this == RUNNING;
    }

    /** @throws IllegalStateException if it may not follow this one */
    public SharePhase to(SharePhase next) {
        if (!successors().contains(next)) {
            throw new IllegalStateException("a share that is " + this + " cannot become " + next);
        }
        return next;
    }
}
