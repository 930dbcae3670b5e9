package io.foedus.web.problems;

import java.io.IOException;

/** A body did not come to its end: it was cut because it came too slowly, or its sender went away. */
public final class BodyCutException extends IOException {
    private static final long serialVersionUID = 1L;
    private final boolean slow;

    /** @param slow whether it was cut here, because it came too slowly */
    public BodyCutException(boolean slow, String message, Throwable cause) {
        super(message, cause);
        this.slow = slow;
    }

    public boolean isSlow() {
        return slow;
    }
}
