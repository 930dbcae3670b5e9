package io.foedus.combiner.wire;

import io.foedus.combiner.configuration.ConfigReader;
import io.foedus.combiner.local.LocalFederation;
import io.foedus.combiner.server.boundary.CombinerServer;
import io.foedus.core.exchange.KnownClient;
import io.foedus.protocol.fedn.Client;
import io.foedus.protocol.fedn.ClientAvailableMessage;
import io.foedus.protocol.fedn.CombinerGrpc;
import io.foedus.protocol.fedn.ConnectorGrpc;
import io.foedus.protocol.fedn.Heartbeat;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A combiner on a port that knows one FEDn client, and what calls of that client are answered. */
final class FednCaller {
    static final String TOKEN = "hospitals' token";
    private static final String ID = "id-of-ada";

    private FednCaller() {}

    /** A federation whose controller knows the client and its token. */
    static LocalFederation federation(Path dir, Map<String, String> settings) {
        LocalFederation federation = LocalFederation.start(dir, settings);
        federation.controller.know(ID, new KnownClient(UUID.randomUUID(), LocalFederation.ALLIANCE, "ada"));
        federation.controller.grant(TOKEN, LocalFederation.ALLIANCE);
        return federation;
    }

    static CombinerServer serve(LocalFederation federation, Map<String, String> settings) throws IOException {
        return new CombinerServer(
                ConfigReader.read(key -> Optional.ofNullable(settings.get(key))),
                federation.combiner().services(),
                federation.calls);
    }

    /** OK, or code and sentence. */
    static String heartbeat(Channel channel, @Nullable String token) throws Exception {
        return answer(() -> ConnectorGrpc.newBlockingStub(with(channel, token))
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .sendHeartbeat(Heartbeat.newBuilder().setSender(sender()).build()));
    }

    /** The same of a stream of tasks, which is at most waited for. */
    static String tasks(Channel channel, @Nullable String token) throws Exception {
        return answer(() -> CombinerGrpc.newBlockingStub(with(channel, token))
                .withDeadlineAfter(2, TimeUnit.SECONDS)
                .taskStream(
                        ClientAvailableMessage.newBuilder().setSender(sender()).build())
                .hasNext());
    }

    private static String answer(Callable<?> call) throws Exception {
        try {
            call.call();
            return "OK";
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() + ": " + e.getStatus().getDescription();
        }
    }

    private static Client sender() {
        return Client.newBuilder().setClientId(ID).setName("ada").build();
    }

    private static Channel with(Channel channel, @Nullable String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("client", Metadata.ASCII_STRING_MARSHALLER), "ada");
        if (token != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
