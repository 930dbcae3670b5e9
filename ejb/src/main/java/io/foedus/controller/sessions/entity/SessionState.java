package io.foedus.controller.sessions.entity;

/** Where a session is; {@link SessionMove} says where it may go. */
public enum SessionState {
    /** Planned, not started. */
    CREATED,
    /** Rounds are opened as soon as they can be. */
    RUNNING,
    /** The open round may end; no other is opened. */
    PAUSED,
    /** All rounds done, or its stop rule met, or asked to stop after a round. May be asked for more rounds. */
    FINISHED,
    /** A round failed more often than the plan allows. May be asked for more rounds. */
    FAILED,
    /** Stopped by somebody, at once. */
    CANCELLED;

    /** What may be done with a session that is there: the remedy when something else was asked for. */
    public String remedy() {
        return switch (this) {
            case CREATED -> "Start it, or stop it.";
            case RUNNING -> "Pause it or stop it; once it has finished it can be asked for more rounds.";
            case PAUSED -> "Resume it, or stop it.";
            case FINISHED, FAILED ->
                "Ask it for more rounds, or make a new session that begins at any model of the alliance.";
            case CANCELLED -> "It stays stopped; make a new session that begins at any model of the alliance.";
        };
    }

    /** Whether no round follows, unless somebody asks for more. */
    public boolean over() {
        return this == FINISHED || this == FAILED || this == CANCELLED;
    }
}
