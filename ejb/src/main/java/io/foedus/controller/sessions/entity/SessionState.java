package io.foedus.controller.sessions.entity;

import java.util.EnumSet;
import java.util.Set;

/** Where a session is; knows where it may go. */
public enum SessionState {
    /** Planned, not started. */
    CREATED,
    /** Rounds are opened as soon as they can be. */
    RUNNING,
    /** The open round may end; no other is opened. */
    PAUSED,
    /** All rounds done, or its stop rule met, or asked to stop after a round. May be asked for more rounds. */
    FINISHED,
    /** A round failed more often than the plan allows. */
    FAILED,
    /** Stopped by somebody, at once. */
    CANCELLED;

    /** The states that may follow. */
    public Set<SessionState> successors() {
        return switch (this) {
            case CREATED -> EnumSet.of(RUNNING, CANCELLED);
            case RUNNING -> EnumSet.of(PAUSED, FINISHED, FAILED, CANCELLED);
            case PAUSED -> EnumSet.of(RUNNING, FINISHED, FAILED, CANCELLED);
            case FINISHED -> EnumSet.of(RUNNING);
            case FAILED, CANCELLED -> EnumSet.noneOf(SessionState.class);
        };
    }

    /** Whether no round follows, unless somebody asks for more. */
    public boolean over() {
        return this == FINISHED || this == FAILED || this == CANCELLED;
    }

    /** @throws IllegalStateException if it may not follow this one */
    public SessionState to(SessionState next) {
        if (!successors().contains(next)) {
            throw new IllegalStateException("a session that is " + this + " cannot become " + next);
        }
        return next;
    }
}
