package io.foedus.combiner.fedn.boundary;

import io.foedus.combiner.fedn.entity.FednClient;
import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One connection and the clients that have named themselves on it by their registered ids: mostly one; several if they
 * share a process, whose connections FEDn's library shares too. Some of FEDn's messages say nothing of their sender, or
 * call it by its name; whose they are is known by the connection that they come on.
 */
public final class FednConnection {
    private static final Attributes.Key<FednConnection> KEY = Attributes.Key.create("fedn-connection");

    private final Map<String, FednClient> named = new ConcurrentHashMap<>();

    /** What a gRPC server needs so that calls know their connection. */
    public static ServerTransportFilter filter() {
        return new ServerTransportFilter() {
            @Override
            public Attributes transportReady(Attributes transport) {
                return transport.toBuilder().set(KEY, new FednConnection()).build();
            }
        };
    }

    static FednConnection of(Attributes call) {
        FednConnection connection = call.get(KEY);
        return connection == null ? new FednConnection() : connection;
    }

    void note(FednClient client) {
        named.put(client.externalId(), client);
    }

    /** The client that is meant by an id or a name. */
    Optional<FednClient> called(String text) {
        FednClient byId = named.get(text);
        return byId != null
                ? Optional.of(byId)
                : only(named.values().stream()
                        .filter(client -> client.name().equals(text))
                        .toList());
    }

    /** The one client of this connection. */
    Optional<FednClient> only() {
        return only(List.copyOf(named.values()));
    }

    private static Optional<FednClient> only(List<FednClient> clients) {
        return clients.size() == 1 ? Optional.of(clients.get(0)) : Optional.empty();
    }
}
