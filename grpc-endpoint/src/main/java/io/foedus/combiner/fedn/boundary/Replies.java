package io.foedus.combiner.fedn.boundary;

import io.foedus.combiner.spool.entity.UploadRefusal;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Answers FEDn's unary calls with OK or UNAVAILABLE: everything else would end the client's process. */
final class Replies {
    private static final Logger LOG = System.getLogger(Replies.class.getName());

    /** Makes an answer. */
    @FunctionalInterface
    interface Answer<T> {
        T make() throws IOException;
    }

    private Replies() {}

    static <T> void answer(StreamObserver<T> answers, Answer<T> answer) {
        T made;
        try {
            made = answer.make();
        } catch (IOException | RuntimeException e) {
            answers.onError(unavailable(e));
            return;
        }
        answers.onNext(made);
        answers.onCompleted();
    }

    static RuntimeException unavailable(Throwable trouble) {
        Status status = Status.fromThrowable(trouble);
        if (status.getCode() == Status.Code.UNAVAILABLE) {
            return status.asRuntimeException();
        }
        if (trouble instanceof UploadRefusal refusal) {
            return Status.UNAVAILABLE.withDescription(refusal.getMessage()).asRuntimeException();
        }
        LOG.log(Level.WARNING, "A FEDn call failed", trouble);
        return Status.UNAVAILABLE
                .withDescription("the combiner has trouble; try again")
                .asRuntimeException();
    }
}
