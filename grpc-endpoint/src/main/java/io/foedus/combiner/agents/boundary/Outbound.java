package io.foedus.combiner.agents.boundary;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What is to be said to one agent: sent when the transport is ready, kept in order until then. An agent that does not
 * read is cut off before much is kept. Safe for many threads; nothing blocks.
 */
public final class Outbound<T> {
    private static final int MOST = 256;

    private final ServerCallStreamObserver<T> call;
    private final Queue<T> waiting = new ArrayDeque<>();
    private boolean over;

    /** Takes over the call's ready handler; to be made before the call's method returns. */
    public Outbound(ServerCallStreamObserver<T> call) {
        this.call = call;
        call.setOnReadyHandler(this::drain);
    }

    public synchronized void send(T message) {
        if (over) {
            return;
        }
        waiting.add(message);
        drain();
        if (waiting.size() > MOST) {
            fail(Status.UNAVAILABLE.withDescription("the agent does not read what it is sent"));
        }
    }

    private synchronized void drain() {
        while (!over && !waiting.isEmpty() && call.isReady()) {
            call.onNext(waiting.remove());
        }
    }

    /** Ends the call with an error; what waits is dropped. */
    public synchronized void fail(Status status) {
        if (!over) {
            over = true;
            waiting.clear();
            if (!call.isCancelled()) {
                call.onError(status.asRuntimeException());
            }
        }
    }

    /** Ends the call well, after what waits has been handed over. */
    public synchronized void complete() {
        if (!over) {
            over = true;
            if (!call.isCancelled()) {
                waiting.forEach(call::onNext);
                call.onCompleted();
            }
        }
    }

    /** Notes that the other side is gone. */
    public synchronized void gone() {
        over = true;
        waiting.clear();
    }
}
