package io.foedus.combiner.federation.boundary;

import io.foedus.combiner.spool.entity.UploadRefusal;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** What Foedus agents are told when something does not work: a status they can act on and a sentence for their log. */
final class Statuses {
    private static final Logger LOG = System.getLogger(Statuses.class.getName());

    private Statuses() {}

    static StatusRuntimeException of(Status status, String sentence) {
        return status.withDescription(sentence).asRuntimeException();
    }

    static StatusRuntimeException of(Throwable trouble) {
        if (trouble instanceof UploadRefusal refusal) {
            return of(status(refusal.why()), String.valueOf(refusal.getMessage()));
        }
        if (trouble instanceof IllegalArgumentException) {
            return of(Status.INVALID_ARGUMENT, String.valueOf(trouble.getMessage()));
        }
        LOG.log(Level.WARNING, "A transfer failed", trouble);
        return of(Status.UNAVAILABLE, "the combiner has trouble with its disk; try again");
    }

    private static Status status(UploadRefusal.Why why) {
        return switch (why) {
            case UNKNOWN_TASK -> Status.NOT_FOUND;
            case TASK_OVER -> Status.FAILED_PRECONDITION;
            case WRONG_OFFSET -> Status.OUT_OF_RANGE;
            case DIGEST_MISMATCH -> Status.DATA_LOSS;
            case TOO_LARGE -> Status.INVALID_ARGUMENT;
            case NO_SPACE, TOO_MANY, TOO_SLOW -> Status.RESOURCE_EXHAUSTED;
            case IDLE -> Status.DEADLINE_EXCEEDED;
            case SUPERSEDED -> Status.ABORTED;
        };
    }
}
