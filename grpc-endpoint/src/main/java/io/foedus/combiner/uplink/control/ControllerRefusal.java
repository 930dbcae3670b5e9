package io.foedus.combiner.uplink.control;

import java.io.IOException;

/** The controller answered, and the answer was no. Trying the same again does not help. */
public final class ControllerRefusal extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    /**
     * @param status HTTP status
     * @param code the problem's stable code, or empty
     */
    public ControllerRefusal(int status, String code, String detail) {
        super(detail + " (" + (code.isEmpty() ? "" : code + ", ") + "status " + status + ")");
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    /** Whether it is because of what was sent: a part of it may be acceptable. */
    public boolean ofContent() {
        return status == 400 || status == 413 || status == 422;
    }

    public String code() {
        return code;
    }
}
