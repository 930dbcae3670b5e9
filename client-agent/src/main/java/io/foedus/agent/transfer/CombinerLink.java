package io.foedus.agent.transfer;

import io.foedus.protocol.transfer.ProtocolVersion;
import io.foedus.protocol.v1.FederationGrpc;
import io.foedus.protocol.v1.FederationGrpc.FederationBlockingStub;
import io.foedus.protocol.v1.FederationGrpc.FederationStub;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.ModelRef;
import io.foedus.protocol.v1.ToAgent;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with one combiner: the Work stream and the transfers beside it, every call with the client's ticket.
 * Messages may be sent by any thread; after the stream has ended they are dropped, because a held task is offered again
 * on the next link.
 */
public final class CombinerLink {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final FederationStub async;
    private final FederationBlockingStub blocking;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private @Nullable StreamObserver<FromAgent> up;
    private volatile int chunkBytes = ProtocolVersion.CHUNK_BYTES;

    /** @param ticket asked at every call, so that a renewed ticket is used at once */
    public CombinerLink(Channel channel, Supplier<String> ticket) {
        Channel authenticated = ClientInterceptors.intercept(channel, new TicketInterceptor(ticket));
        this.async = FederationGrpc.newStub(authenticated);
        this.blocking = FederationGrpc.newBlockingStub(authenticated);
    }

    /** Opens the Work stream. */
    public synchronized void open(StreamObserver<ToAgent> listener, FromAgent hello) {
        StreamObserver<FromAgent> stream = async.work(listener);
        up = stream;
        stream.onNext(hello);
    }

    /** Sends if the stream is open. */
    public synchronized void send(FromAgent message) {
        StreamObserver<FromAgent> stream = up;
        if (stream != null && open.get()) {
            try {
                stream.onNext(message);
            } catch (IllegalStateException e) {
                open.set(false); // ended meanwhile; the listener hears why
            }
        }
    }

    /** Ends the stream from this side. */
    public synchronized void close() {
        StreamObserver<FromAgent> stream = up;
        if (stream != null && open.getAndSet(false)) {
            try {
                stream.onCompleted();
            } catch (IllegalStateException e) {
                // the other side was first
            }
        }
    }

    /** Notes that the stream has ended. */
    public void ended() {
        open.set(false);
    }

    public boolean isOpen() {
        return open.get();
    }

    /** Chunk size that the combiner asked for. */
    public void useChunks(int bytes) {
        if (bytes > 0) {
            chunkBytes = Math.min(bytes, ProtocolVersion.MAX_MESSAGE_BYTES - 1024);
        }
    }

    /** See {@link ModelDownload#fetch}. */
    public Path download(ModelRef model, String taskId, Path place, BooleanSupplier stop) throws IOException {
        return ModelDownload.fetch(blocking, model, taskId, place, () -> stop.getAsBoolean() || !open.get());
    }

    /** See {@link UpdateUpload#send}. */
    public long upload(UpdateUpload upload, Path file) throws IOException, InterruptedException {
        return upload.send(blocking, async, chunkBytes, file);
    }

    /** Puts the ticket on every call, on plaintext channels too: whether those are allowed is decided when dialling. */
    private record TicketInterceptor(Supplier<String> ticket) implements io.grpc.ClientInterceptor {
        @Override
        public <Q, A> io.grpc.ClientCall<Q, A> interceptCall(
                io.grpc.MethodDescriptor<Q, A> method, io.grpc.CallOptions options, Channel next) {
            return new io.grpc.ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<A> listener, Metadata headers) {
                    headers.put(AUTHORIZATION, "Bearer " + ticket.get());
                    super.start(listener, headers);
                }
            };
        }
    }
}
