package io.foedus.controller.sessions.entity;

import java.util.Map;

/**
 * What may be done with a session: the one table of which move is allowed in which state and where it leads. People's
 * moves and the engine's ask the same table.
 */
public enum SessionMove {
    /** The first rounds. */
    START("started", SessionState.RUNNING, Map.of(SessionState.CREATED, SessionState.RUNNING)),
    /** More rounds, from the model that it has come to; of one that has not begun, its first rounds. */
    EXTEND(
            "asked for more rounds",
            null,
            Map.of(
                    SessionState.CREATED, SessionState.RUNNING,
                    SessionState.FINISHED, SessionState.RUNNING,
                    SessionState.FAILED, SessionState.RUNNING)),
    /** The open round may end; no other is opened. */
    PAUSE("paused", SessionState.PAUSED, Map.of(SessionState.RUNNING, SessionState.PAUSED)),
    /** On with it after a pause. */
    RESUME("resumed", SessionState.RUNNING, Map.of(SessionState.PAUSED, SessionState.RUNNING)),
    /** The open round may end, then the session ends. */
    STOP_AFTER_ROUND(
            "stopped after a round",
            null,
            Map.of(
                    SessionState.CREATED, SessionState.CANCELLED,
                    SessionState.RUNNING, SessionState.RUNNING,
                    SessionState.PAUSED, SessionState.RUNNING)),
    /** The open round is given up and the session ends. */
    STOP_NOW("stopped", SessionState.CANCELLED, unlessOver(SessionState.CANCELLED)),
    /** The engine: its rounds are done. */
    FINISH("finished", null, begun(SessionState.FINISHED)),
    /** The engine: a round cannot be done. */
    FAIL("failed", null, begun(SessionState.FAILED));

    private final String done;
    private final SessionState settled;
    private final Map<SessionState, SessionState> steps;

    /**
     * @param done the word for it in "cannot be …"
     * @param settled the state in which this move has been made already, so that asking again is no error; or null
     * @param steps where it leads from each state in which it is allowed
     */
    SessionMove(String done, SessionState settled, Map<SessionState, SessionState> steps) {
        this.done = done;
        this.settled = settled;
        this.steps = steps;
    }

    private static Map<SessionState, SessionState> begun(SessionState end) {
        return Map.of(SessionState.RUNNING, end, SessionState.PAUSED, end);
    }

    private static Map<SessionState, SessionState> unlessOver(SessionState end) {
        return Map.of(SessionState.CREATED, end, SessionState.RUNNING, end, SessionState.PAUSED, end);
    }

    /** Whether it may be made now. */
    public boolean allowedIn(SessionState state) {
        return steps.containsKey(state);
    }

    /** Whether it was made already and there is nothing left to do: a request that is repeated is no error. */
    public boolean madeIn(SessionState state) {
        return state == settled;
    }

    /**
     * Where it leads.
     *
     * @throws IllegalStateException with {@link #refusal} if it is not allowed
     */
    SessionState from(SessionState state) {
        if (!allowedIn(state)) {
            throw new IllegalStateException("The session " + refusal(state) + ".");
        }
        return steps.get(state);
    }

    /** Why it cannot be made, as a predicate: "is FINISHED and cannot be resumed". */
    public String refusal(SessionState state) {
        return "is " + state + " and cannot be " + done;
    }
}
