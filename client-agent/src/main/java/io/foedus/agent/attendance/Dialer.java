package io.foedus.agent.attendance;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.controller.Connection;
import io.foedus.protocol.transfer.ProtocolVersion;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Opens channels to combiners: TLS with the host's name checked; plaintext only to this machine unless that is allowed;
 * a ping every 30 s, so that a dead connection is noticed within 40 s and no middlebox forgets a quiet one.
 */
public final class Dialer {
    private final Optional<Path> ca;
    private final boolean allowPlaintext;

    public Dialer(Optional<Path> ca, boolean allowPlaintext) {
        this.ca = ca;
        this.allowPlaintext = allowPlaintext;
    }

    /** A channel; it connects with its first call. */
    public ManagedChannel dial(Placement placement) {
        return NettyChannelBuilder.forAddress(placement.host(), placement.port(), credentials(placement))
                .maxInboundMessageSize(ProtocolVersion.MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(16 << 10)
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .disableRetry()
                .build();
    }

    private ChannelCredentials credentials(Placement placement) {
        if (placement.tls()) {
            try {
                TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
                if (ca.isPresent()) {
                    tls.trustManager(ca.get().toFile());
                }
                return tls.build();
            } catch (IOException e) {
                throw new Failure(
                        ExitCode.CONFIGURATION,
                        "cannot trust " + ca.orElseThrow() + ": " + e.getMessage(),
                        "Give a PEM file with the certificate of the authority.",
                        e);
            }
        }
        if (!allowPlaintext && !Connection.isThisMachine(placement.host())) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "the combiner " + placement.combinerName() + " at " + placement.host() + " does not speak TLS",
                    "Give it a certificate, or start the agent with --allow-plaintext on a network that encrypts by"
                            + " other means.");
        }
        return InsecureChannelCredentials.create();
    }
}
