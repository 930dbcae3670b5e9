package io.foedus.combiner.spool.entity;

import java.io.IOException;

/** An upload cannot go on, for a reason the sender should hear. */
public final class UploadRefusal extends IOException {
    private static final long serialVersionUID = 1L;

    /** What the sender may do about it. */
    public enum Why {
        /** Nothing: the task is unknown here, or another client's. */
        UNKNOWN_TASK,
        /** Nothing: the round does not wait for it any more. */
        TASK_OVER,
        /** Go on at the durable length. */
        WRONG_OFFSET,
        /** Send the file again from its beginning: what arrived does not have the announced digest. */
        DIGEST_MISMATCH,
        /** Nothing: it is larger than any acceptable result. */
        TOO_LARGE,
        /** Come back later: the disk is full. */
        NO_SPACE,
        /** Come back later: too many uploads of this client are on their way. */
        TOO_MANY,
        /** Come back later: nothing came for too long. */
        IDLE,
        /** Come back later: what came was too little for the time that it took. */
        TOO_SLOW,
        /** Nothing: a newer call sends the same file. */
        SUPERSEDED
    }

    private final Why why;

    public UploadRefusal(Why why, String detail) {
        super(detail);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
