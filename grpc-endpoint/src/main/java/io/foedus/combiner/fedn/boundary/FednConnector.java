package io.foedus.combiner.fedn.boundary;

import io.foedus.combiner.agents.control.AgentRegistry;
import io.foedus.combiner.collection.control.Collections;
import io.foedus.combiner.collection.entity.TaskTrouble;
import io.foedus.combiner.fedn.entity.FednClient;
import io.foedus.combiner.uplink.control.Notices;
import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.Severity;
import io.foedus.core.text.Printable;
import io.foedus.protocol.fedn.Client;
import io.foedus.protocol.fedn.ClientList;
import io.foedus.protocol.fedn.ConnectionRequest;
import io.foedus.protocol.fedn.ConnectionResponse;
import io.foedus.protocol.fedn.ConnectionStatus;
import io.foedus.protocol.fedn.ConnectorGrpc.ConnectorImplBase;
import io.foedus.protocol.fedn.Heartbeat;
import io.foedus.protocol.fedn.ListClientsRequest;
import io.foedus.protocol.fedn.LogLevel;
import io.foedus.protocol.fedn.Response;
import io.foedus.protocol.fedn.Role;
import io.foedus.protocol.fedn.Status;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code fedn.Connector}: who is there, and what they log. */
final class FednConnector extends ConnectorImplBase {
    private static final int LONGEST = 16 << 10;
    private static final int LONGEST_KEY = 100;

    private final FednClients clients;
    private final AgentRegistry registry;
    private final Collections collections;
    private final Notices notices;

    FednConnector(FednClients clients, AgentRegistry registry, Collections collections, Notices notices) {
        this.clients = clients;
        this.registry = registry;
        this.collections = collections;
        this.notices = notices;
    }

    @Override
    public void sendHeartbeat(Heartbeat request, StreamObserver<Response> answers) {
        Replies.answer(answers, () -> {
            clients.heard(clients.named(request.getSender().getClientId()));
            return Response.newBuilder()
                    .setSender(Client.newBuilder()
                            .setName(request.getSender().getName())
                            .setRole(request.getSender().getRole()))
                    .setResponse("Heartbeat received")
                    .build();
        });
    }

    @Override
    public void sendStatus(Status request, StreamObserver<Response> answers) {
        Replies.answer(answers, () -> {
            FednClient client = clients.calling(request.getSender().getClientId());
            clients.heard(client);
            Optional<UUID> done = FednMessages.done(request);
            if (done.isPresent()) {
                collections.failed(client.clientId(), silence(done.get()));
            } else {
                notices.event(event(client.clientId(), request));
            }
            return FednMessages.response(clients.combiner(), "Status received.");
        });
    }

    /** Of no effect on a task whose result has come. */
    private static TaskTrouble silence(UUID task) {
        return new TaskTrouble(task, "NO_RESULT", "the client gave up the task; its own log says why", "", Map.of());
    }

    private CombinerEvent event(UUID client, Status status) {
        Map<String, Object> data = new HashMap<>();
        data.put("type", status.getType().name());
        data.put("logLevel", status.getLogLevel().name());
        data.put("correlationId", Printable.line(status.getCorrelationId(), LONGEST_KEY));
        data.put("sessionId", Printable.line(status.getSessionId(), LONGEST_KEY));
        data.put("data", shortened(status.getData()));
        data.put("extra", shortened(status.getExtra()));
        data.put(
                "timestamp",
                FednMessages.at(status.hasTimestamp(), status.getTimestamp(), clients.now())
                        .toString());
        Severity severity = status.getLogLevel() == LogLevel.ERROR
                ? Severity.ERROR
                : status.getLogLevel() == LogLevel.WARNING ? Severity.WARNING : Severity.INFO;
        return new CombinerEvent(
                severity, "CLIENT_STATUS", Printable.line(status.getStatus(), LONGEST), client, null, data);
    }

    private static String shortened(String text) {
        return Printable.tail(text.length() > LONGEST ? text.substring(0, LONGEST) : text, LONGEST);
    }

    @Override
    public void acceptingClients(ConnectionRequest request, StreamObserver<ConnectionResponse> answers) {
        Replies.answer(
                answers,
                () -> ConnectionResponse.newBuilder()
                        .setStatus(
                                registry.hasRoomFor(new UUID(0, 0))
                                        ? ConnectionStatus.ACCEPTING
                                        : ConnectionStatus.NOT_ACCEPTING)
                        .build());
    }

    /** The caller, if it attends: FEDn's client never asks, and the ids of others are none of its business. */
    @Override
    public void listActiveClients(ListClientsRequest request, StreamObserver<ClientList> answers) {
        Replies.answer(answers, () -> {
            FednClient caller = clients.named(request.getSender().getClientId());
            ClientList.Builder list = ClientList.newBuilder();
            registry.find(caller.clientId())
                    .ifPresent(agent -> list.addClient(Client.newBuilder()
                            .setName(caller.externalId())
                            .setClientId(caller.externalId())
                            .setRole(Role.CLIENT)));
            return list.build();
        });
    }
}
