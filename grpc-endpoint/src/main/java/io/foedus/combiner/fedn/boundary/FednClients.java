package io.foedus.combiner.fedn.boundary;

import io.foedus.combiner.agents.control.AgentRegistry;
import io.foedus.combiner.agents.control.TicketCheck;
import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.agents.entity.AgentPrincipal;
import io.foedus.combiner.collection.control.Collections;
import io.foedus.combiner.uplink.control.Uplink;
import io.foedus.combiner.uplink.entity.KnownClient;
import io.grpc.Status;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * FEDn clients as the combiner knows them. A client is attached as long as its task stream is open or its heartbeat is
 * not older than ten seconds: while it trains it does not notice that its stream has broken.
 */
public final class FednClients {
    private static final Duration HEARTBEAT_PATIENCE = Duration.ofSeconds(10);

    private final Uplink uplink;
    private final AgentRegistry registry;
    private final Collections collections;
    private final TicketCheck tickets;
    private final Clock clock;
    private final String combiner;
    private final Map<String, KnownClient> known = new ConcurrentHashMap<>();
    private final Map<UUID, String> externalIds = new ConcurrentHashMap<>();
    private final Set<Agent> attached = ConcurrentHashMap.newKeySet();

    /** @param combiner the name that tasks carry as their sender */
    public FednClients(
            Uplink uplink,
            AgentRegistry registry,
            Collections collections,
            TicketCheck tickets,
            Clock clock,
            String combiner) {
        this.uplink = uplink;
        this.registry = registry;
        this.collections = collections;
        this.tickets = tickets;
        this.clock = clock;
        this.combiner = combiner;
    }

    /**
     * The client that makes the current call; asks the controller the first time.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if nobody knows it now
     */
    KnownClient caller() {
        String externalId = FednCaller.externalId();
        KnownClient client = known.get(externalId);
        if (client == null) {
            client = lookUp(externalId);
            known.put(externalId, client);
            externalIds.put(client.clientId(), externalId);
        }
        if (tickets.isRevoked(client.clientId())) {
            throw unavailable("the client has been revoked");
        }
        return client;
    }

    private KnownClient lookUp(String externalId) {
        try {
            Optional<KnownClient> found = externalId.isEmpty()
                    ? Optional.empty()
                    : uplink.call(me -> uplink.controller().clientByExternalId(me, externalId));
            return found.orElseThrow(() -> unavailable("the controller knows no client '" + externalId + "'"));
        } catch (IOException e) {
            throw unavailable("the controller cannot be asked now who this client is");
        }
    }

    static RuntimeException unavailable(String sentence) {
        return Status.UNAVAILABLE.withDescription(sentence).asRuntimeException();
    }

    /** What a client is called by FEDn; our own id for agents that are not FEDn's. */
    String externalId(UUID client) {
        return externalIds.getOrDefault(client, client.toString());
    }

    Instant now() {
        return clock.instant();
    }

    String combiner() {
        return combiner;
    }

    /** Takes a client in with its new task stream. */
    void attach(KnownClient client, TaskChannel channel) {
        registry.attach(agent(client, channel));
    }

    private Agent agent(KnownClient client, TaskChannel channel) {
        AgentPrincipal principal = new AgentPrincipal(client.clientId(), client.alliance(), client.name(), Instant.MAX);
        Agent agent = new Agent(principal, "fedn-client/0.33", Map.of(), null, Set.of(), channel, clock.instant());
        attached.add(agent); // one that does not get into the registry is swept out
        return agent;
    }

    /** Notes a heartbeat: the client works, with or without a stream. */
    void heard(KnownClient client) {
        Optional<Agent> agent = registry.find(client.clientId());
        if (agent.isPresent()) {
            agent.get().heard(clock.instant());
        } else if (registry.hasRoomFor(client.clientId())) {
            // its first heartbeat and its first stream come at the same moment, and the stream must win
            registry.attachIfAbsent(agent(client, TaskChannel.closed(this, client)));
        }
        collections.alive(client.clientId());
    }

    /** Lets those go whose stream is closed and whose heart has stopped. */
    public void sweep() {
        Instant limit = clock.instant().minus(HEARTBEAT_PATIENCE);
        for (Agent agent : attached) {
            boolean replaced = registry.find(agent.client()).orElse(null) != agent;
            boolean streaming = agent.channel() instanceof TaskChannel channel && channel.open();
            if (replaced) {
                attached.remove(agent);
            } else if (streaming) {
                agent.heard(clock.instant());
            } else if (agent.lastHeard().isBefore(limit)) {
                attached.remove(agent);
                registry.detach(agent, "its stream is closed and it sends no heartbeat");
            }
        }
    }
}
