package io.foedus.combiner.collection.entity;

import java.util.EnumSet;
import java.util.Set;

/** Where a participant of a share stands; knows where it may go. */
public enum Standing {
    /** It has the task, or will get it as soon as it is attached. */
    ASKED,
    /** Its result is being checked. */
    EXAMINED,
    /** Its result counts. */
    ACCEPTED,
    /** Its result broke a rule. */
    REJECTED,
    /** It said that it could not, or counts elsewhere. */
    FAILED,
    /** It went away; it may come back. */
    LOST,
    /** It works on for a later round. */
    CARRIED;

    private Set<Standing> successors() {
        return switch (this) {
            case ASKED -> EnumSet.of(EXAMINED, FAILED, LOST, CARRIED);
            case EXAMINED -> EnumSet.of(ASKED, ACCEPTED, REJECTED, FAILED, LOST, CARRIED);
            case ACCEPTED -> EnumSet.of(REJECTED, FAILED, CARRIED);
            case LOST -> EnumSet.of(ASKED, EXAMINED, FAILED);
            case REJECTED, FAILED, CARRIED -> EnumSet.noneOf(Standing.class);
        };
    }

    /** Whether a result may still come of it. */
    public boolean outstanding() {
        return this == ASKED || this == EXAMINED;
    }

    /** @throws IllegalStateException if the step is not one */
    public Standing to(Standing next) {
        if (!successors().contains(next)) {
            throw new IllegalStateException("a participant that is " + this + " cannot become " + next);
        }
        return next;
    }
}
