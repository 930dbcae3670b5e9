package io.foedus.core.round;

import java.util.EnumSet;
import java.util.Set;

/** Where a round is; knows where it may go. */
public enum RoundPhase {
    /** Exists, nothing was asked of anybody. */
    PLANNED,
    /** Shares are offered; clients train, combiners collect. */
    TRAINING,
    /** Partials are being merged into the next global model. */
    REDUCING,
    /** The new model is committed; clients measure it. */
    VALIDATING,
    /** Over, with a new global model. */
    COMPLETED,
    /** Over without one, by its own fault. */
    FAILED,
    /** Over without one, by somebody's wish. */
    CANCELLED;

    /** The phases that may follow. */
    public Set<RoundPhase> successors() {
        return switch (this) {
            case PLANNED -> EnumSet.of(TRAINING, FAILED, CANCELLED);
            case TRAINING -> EnumSet.of(REDUCING, FAILED, CANCELLED);
            case REDUCING -> EnumSet.of(VALIDATING, COMPLETED, FAILED, CANCELLED);
            case VALIDATING -> EnumSet.of(COMPLETED, CANCELLED);
            case COMPLETED, FAILED, CANCELLED -> EnumSet.noneOf(RoundPhase.class);
        };
    }

    /** Whether nothing follows. */
    public boolean over() {
        return successors().isEmpty();
    }

    /**
     * The next phase.
     *
     * @throws IllegalStateException if it may not follow this one
     */
    public RoundPhase to(RoundPhase next) {
        if (!successors().contains(next)) {
            throw new IllegalStateException("a round that is " + this + " cannot become " + next);
        }
        return next;
    }
}
