package io.foedus.combiner.uplink.control;

import java.io.IOException;

/**
 * The controller failed at a request in a way that it does not know itself. It may do so each time that it gets the
 * same, or be well again in a moment.
 */
public final class ControllerFailure extends IOException {
    private static final long serialVersionUID = 1L;

    public ControllerFailure(String detail) {
        super(detail);
    }
}
