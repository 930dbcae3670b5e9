package io.foedus.combiner.server.boundary;

import io.foedus.combiner.configuration.CombinerConfig;
import io.foedus.combiner.fedn.boundary.FednConnection;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The port that agents dial. */
public final class CombinerServer implements AutoCloseable {
    /** FEDn sends parts of 1 MiB plus their frame. */
    private static final int MAX_MESSAGE_BYTES = 2 << 20;
    /** What one stream may have in flight; each upload that waits for its turn holds so much. */
    private static final int WINDOW_BYTES = 128 << 10;

    private final Server server;

    /** @throws IOException if the certificate cannot be read or the address is taken */
    public CombinerServer(CombinerConfig config, List<ServerServiceDefinition> services, Executor calls)
            throws IOException {
        BriefTransport.install();
        this.server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(config.bind(), config.port()), credentials(config))
                .executor(calls)
                .addServices(services)
                .addTransportFilter(FednConnection.filter())
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(16 << 10)
                .flowControlWindow(WINDOW_BYTES)
                .maxConcurrentCallsPerConnection(1_000)
                .maxRstFramesPerWindow(200, 30)
                .handshakeTimeout(10, TimeUnit.SECONDS)
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                // FEDn's client pings every 5 s, with or without calls
                .permitKeepAliveTime(4, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .build();
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + config.bind() + ":" + config.port()
                            + "; set foedus.combiner.port to a free port (" + e.getMessage() + ")",
                    e);
        }
    }

    private static ServerCredentials credentials(CombinerConfig config) throws IOException {
        if (config.tlsCertificate().isEmpty() || config.tlsKey().isEmpty()) {
            return InsecureServerCredentials.create();
        }
        Path certificate = config.tlsCertificate().get();
        return TlsServerCredentials.create(
                certificate.toFile(), config.tlsKey().get().toFile());
    }

    public int port() {
        return server.getPort();
    }

    /** Takes no new calls, gives those in flight a moment, then ends them. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(5, TimeUnit.SECONDS)) {
                server.shutdownNow();
                server.awaitTermination(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
