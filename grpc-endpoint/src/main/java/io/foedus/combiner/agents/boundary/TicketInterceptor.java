package io.foedus.combiner.agents.boundary;

import io.foedus.combiner.agents.control.TicketCheck;
import io.foedus.combiner.agents.control.TicketRefused;
import io.foedus.combiner.agents.entity.AgentPrincipal;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Lets only calls with a valid ticket through, and tells the call who it is. */
public final class TicketInterceptor implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<AgentPrincipal> CALLER = Context.key("foedus-agent");
    private static final String SCHEME = "Bearer ";

    private final TicketCheck tickets;

    public TicketInterceptor(TicketCheck tickets) {
        this.tickets = tickets;
    }

    /** Who makes the current call. */
    public static AgentPrincipal caller() {
        AgentPrincipal caller = CALLER.get();
        if (caller == null) {
            throw Status.UNAUTHENTICATED.withDescription("no ticket").asRuntimeException();
        }
        return caller;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String authorization = headers.get(AUTHORIZATION);
        if (authorization == null || !authorization.startsWith(SCHEME)) {
            return refuse(
                    call,
                    Status.UNAUTHENTICATED.withDescription("metadata 'authorization: Bearer <ticket>' is missing"));
        }
        if (!tickets.ready()) {
            return refuse(call, Status.UNAVAILABLE.withDescription("this combiner has not reached its controller yet"));
        }
        try {
            AgentPrincipal principal =
                    tickets.check(authorization.substring(SCHEME.length()).strip());
            return Contexts.interceptCall(Context.current().withValue(CALLER, principal), call, headers, next);
        } catch (TicketRefused e) {
            return refuse(call, Status.UNAUTHENTICATED.withDescription(e.getMessage()));
        }
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
