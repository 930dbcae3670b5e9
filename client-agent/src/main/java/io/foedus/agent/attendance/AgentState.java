package io.foedus.agent.attendance;

import java.util.EnumSet;
import java.util.Set;

/** Where an agent is in its life; each state knows its successors. */
public enum AgentState {
    /** No combiner yet, or not any more. */
    JOINING,
    /** Attached and waiting for work. */
    ATTENDING,
    /** Attached and busy with a task. */
    TRAINING,
    /** Told to go; what is finished is brought home. */
    LEAVING,
    /** Gone. */
    LEFT;

    /** The next state. */
    public AgentState to(AgentState next) {
        if (next != this && !successors().contains(next)) {
            throw new IllegalStateException("an agent that is " + this + " cannot become " + next);
        }
        return next;
    }

    private Set<AgentState> successors() {
        return switch (this) {
            case JOINING -> EnumSet.of(ATTENDING, LEAVING, LEFT);
            case ATTENDING -> EnumSet.of(TRAINING, JOINING, LEAVING);
            case TRAINING -> EnumSet.of(ATTENDING, JOINING, LEAVING);
            case LEAVING -> EnumSet.of(LEFT);
            case LEFT -> EnumSet.noneOf(AgentState.class);
        };
    }
}
