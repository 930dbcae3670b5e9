package io.foedus.combiner.agents.boundary;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Ends calls whose messages cannot be read: INVALID_ARGUMENT for bytes that are not the message, RESOURCE_EXHAUSTED for
 * one that unpacks to more than is taken. Anybody can send such bytes, so each is worth one line and no stack trace.
 */
public final class UnreadableMessages implements ServerInterceptor {
    private static final Logger LOG = System.getLogger(UnreadableMessages.class.getName());

    private UnreadableMessages() {}

    /** The same service, which refuses them. */
    public static ServerServiceDefinition refusedBy(ServerServiceDefinition service) {
        // messages are read behind the interceptor, where it can see that they cannot be
        return ServerInterceptors.intercept(
                ServerInterceptors.useInputStreamMessages(service), new UnreadableMessages());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean over;

            @Override
            public void onMessage(Q message) {
                if (over) {
                    return;
                }
                try {
                    super.onMessage(message);
                } catch (StatusRuntimeException e) {
                    refuse(status(e));
                }
            }

            private void refuse(Status status) {
                over = true;
                LOG.log(
                        Level.WARNING,
                        "A message is refused: {0} method={1}",
                        status,
                        call.getMethodDescriptor().getFullMethodName());
                call.close(status, new Metadata());
                super.onCancel(); // whoever takes part in the call lets go
            }

            @Override
            public void onHalfClose() {
                if (!over) {
                    super.onHalfClose();
                }
            }
        };
    }

    private static Status status(StatusRuntimeException trouble) {
        return trouble.getCause() instanceof InvalidProtocolBufferException unreadable
                ? Status.INVALID_ARGUMENT.withDescription("the message cannot be read: " + unreadable.getMessage())
                : trouble.getStatus();
    }
}
