package io.foedus.combiner.fedn.boundary;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Objects;

/** Remembers for each call which client it says to be: all that a FEDn client shows on a port without TLS. */
final class FednCaller implements ServerInterceptor {
    private static final Metadata.Key<String> CLIENT = Metadata.Key.of("client", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> EXTERNAL_ID = Context.key("fedn-client");

    /** The {@code client_id} of the current call, empty if it has none. */
    static String externalId() {
        return Objects.requireNonNullElse(EXTERNAL_ID.get(), "");
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String client = Objects.requireNonNullElse(headers.get(CLIENT), "");
        return Contexts.interceptCall(Context.current().withValue(EXTERNAL_ID, client), call, headers, next);
    }
}
