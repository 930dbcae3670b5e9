package io.foedus.combiner.fedn.boundary;

import io.foedus.combiner.fedn.control.Inquiries;
import io.foedus.combiner.uplink.control.Uplink;
import io.foedus.core.models.Digest;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Lets calls of FEDn's clients in. A token that is sent must be a join token that counts; without one a call comes in
 * on a port without TLS only, from this machine, or from anywhere if the operator has said so.
 */
final class FednDoor implements ServerInterceptor {
    private static final Metadata.Key<String> CLIENT = Metadata.Key.of("client", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> FORWARDED =
            Metadata.Key.of("x-forwarded-for", Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";

    private final Uplink uplink;
    private final Inquiries<String> tokens;
    private final boolean plaintext;
    private final boolean trustLocal;

    /**
     * @param plaintext whether a client's word is taken from beyond this machine
     * @param trustLocal whether it is taken from this machine; a call that a proxy passes on is not of this machine
     */
    FednDoor(Uplink uplink, Inquiries<String> tokens, boolean plaintext, boolean trustLocal) {
        this.uplink = uplink;
        this.tokens = tokens;
        this.plaintext = plaintext;
        this.trustLocal = trustLocal;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Attributes attributes = call.getAttributes();
        SocketAddress remote = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        boolean tls = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION) != null;
        String authorization = headers.get(AUTHORIZATION);
        Optional<String> alliance = Optional.empty();
        if (authorization != null) {
            if (!authorization.startsWith(SCHEME)) {
                return refuse(call, Status.UNAUTHENTICATED, "Invalid token scheme, expected Bearer");
            }
            try {
                alliance = alliance(authorization.substring(SCHEME.length()).strip(), address(remote));
            } catch (IOException e) {
                return refuse(call, Status.UNAVAILABLE, Objects.toString(e.getMessage()));
            }
            if (alliance.isEmpty()) {
                return refuse(
                        call,
                        Status.UNAUTHENTICATED,
                        "Invalid token: mistyped, expired, revoked, used up, or no join token");
            }
        } else if (tls) {
            return refuse(call, Status.UNAUTHENTICATED, "Token is missing: with TLS each call needs a join token");
        } else if (!plaintext && !(trustLocal && local(remote) && !headers.containsKey(FORWARDED))) {
            return refuse(
                    call,
                    Status.UNAUTHENTICATED,
                    "Token is missing: without one, this combiner takes clients of its own machine only. "
                            + "Serve TLS on port 443, where FEDn's client sends its token, "
                            + "or set foedus.combiner.fedn-plaintext=true in a network that you trust");
        }
        String said = Objects.requireNonNullElse(headers.get(CLIENT), "");
        FednCall here = new FednCall(said, alliance, address(remote), FednConnection.of(attributes));
        return Contexts.interceptCall(Context.current().withValue(FednCall.KEY, here), call, headers, next);
    }

    private Optional<String> alliance(String token, Object address) throws IOException {
        String about = Digest.of(token.getBytes(StandardCharsets.UTF_8)).hex();
        return tokens.about(
                about, address, () -> uplink.call(me -> uplink.controller().allianceOfJoinToken(me, token)));
    }

    /** Whether it comes from this machine: loopback, or no network at all. */
    private static boolean local(SocketAddress remote) {
        return !(remote instanceof InetSocketAddress inet) || inet.getAddress().isLoopbackAddress();
    }

    private static Object address(SocketAddress remote) {
        return remote instanceof InetSocketAddress inet ? inet.getAddress() : "this machine";
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status, String sentence) {
        call.close(status.withDescription(sentence), new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
