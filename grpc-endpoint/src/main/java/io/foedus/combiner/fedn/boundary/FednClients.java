package io.foedus.combiner.fedn.boundary;

import io.foedus.combiner.agents.control.AgentRegistry;
import io.foedus.combiner.agents.control.Openings;
import io.foedus.combiner.agents.control.TicketCheck;
import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.agents.entity.AgentPrincipal;
import io.foedus.combiner.collection.control.Collections;
import io.foedus.combiner.fedn.control.Inquiries;
import io.foedus.combiner.fedn.entity.FednClient;
import io.foedus.combiner.liveness.Allowance;
import io.foedus.combiner.uplink.control.Notices;
import io.foedus.combiner.uplink.control.Uplink;
import io.foedus.protocol.fedn.TaskRequest;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
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
 * not older than ten seconds: while it trains it does not notice that its stream has broken. As long as it is attached,
 * nobody is taken for it from another address.
 */
public final class FednClients {
    private static final Duration HEARTBEAT_PATIENCE = Duration.ofSeconds(10);
    private static final Duration GOOD_FOR = Duration.ofMinutes(1);

    private final Uplink uplink;
    private final AgentRegistry registry;
    private final Collections collections;
    private final TicketCheck tickets;
    private final Openings openings;
    private final Notices notices;
    private final Clock clock;
    private final String combiner;
    private final ServerInterceptor door;
    private final Inquiries<FednClient> known;
    private final Map<UUID, Place> places = new ConcurrentHashMap<>();
    private final Set<Agent> attached = ConcurrentHashMap.newKeySet();

    /** Where a client works, and when it was last heard from there. */
    private record Place(Object address, Instant heard) {}

    /**
     * @param combiner the name that tasks carry as their sender
     * @param plaintext whether a client's word is taken from beyond this machine, on a port without TLS
     * @param trustLocal whether it is taken from this machine
     */
    public FednClients(
            Uplink uplink,
            AgentRegistry registry,
            Collections collections,
            TicketCheck tickets,
            Openings openings,
            Notices notices,
            Clock clock,
            String combiner,
            boolean plaintext,
            boolean trustLocal) {
        this.uplink = uplink;
        this.registry = registry;
        this.collections = collections;
        this.tickets = tickets;
        this.openings = openings;
        this.notices = notices;
        this.clock = clock;
        this.combiner = combiner;
        Allowance byAddress = new Allowance(20, Duration.ofSeconds(3), clock);
        Allowance together = new Allowance(200, Duration.ofMillis(100), clock);
        this.known = new Inquiries<>(GOOD_FOR, byAddress, together, clock);
        this.door = new FednDoor(uplink, new Inquiries<>(GOOD_FOR, byAddress, together, clock), plaintext, trustLocal);
    }

    /** What all calls of FEDn's clients pass. */
    ServerInterceptor door() {
        return door;
    }

    /**
     * The client that makes the current call, whose message names it by its registered id.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if nobody knows it now, or it works from another address
     */
    FednClient named(String id) {
        return id.isEmpty() ? calling("") : permitted(asked(id).orElseThrow(() -> unknown(id)));
    }

    /**
     * The client that makes the current call, whose message calls it by any word or none: FEDn's library sends some
     * without their sender, and others with what the program gave as metadata {@code client}, its name for one.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if it has not named itself on this connection, or as in
     *     {@link #named}; its next heartbeat names it
     */
    FednClient calling(String word) {
        FednCall call = FednCall.current();
        String text = word.isEmpty() ? call.said() : word;
        FednConnection here = call.connection();
        return permitted(here.called(text).or(() -> asked(text)).or(here::only).orElseThrow(() -> unknown(text)));
    }

    private Optional<FednClient> asked(String id) {
        try {
            return id.isEmpty()
                    ? Optional.empty()
                    : known.about(
                            id,
                            FednCall.current().address(),
                            () -> uplink.call(me -> uplink.controller().clientByExternalId(me, id))
                                    .map(one -> new FednClient(id, one.clientId(), one.alliance(), one.name())));
        } catch (IOException e) {
            throw unavailable(String.valueOf(e.getMessage()));
        }
    }

    private FednClient permitted(FednClient client) {
        FednCall call = FednCall.current();
        if (call.alliance().isPresent() && !call.alliance().get().equals(client.alliance())) {
            throw unknown(client.externalId()); // to a member of that alliance
        }
        if (tickets.isRevoked(client.clientId())) {
            known.forget(client.externalId());
            throw unavailable("the client has been revoked");
        }
        requirePlace(client, call.address());
        call.connection().note(client);
        return client;
    }

    /** While a client works, it is where it works. */
    private void requirePlace(FednClient client, Object address) {
        Instant now = clock.instant();
        Place place = places.compute(
                client.clientId(),
                (id, last) -> last == null || last.address().equals(address) || gone(last, now)
                        ? new Place(address, now)
                        : last);
        if (!place.address().equals(address)) {
            notices.sparingly(
                    "CLIENT_ELSEWHERE",
                    "somebody calls itself " + client.name() + " from another address than the client works from; "
                            + "it was refused",
                    client.clientId());
            throw unavailable("this client is at work from another address; "
                    + "it can come from here when nothing has been heard from there for 10 s");
        }
    }

    private static boolean gone(Place place, Instant now) {
        return place.heard().plus(HEARTBEAT_PATIENCE).isBefore(now);
    }

    private static RuntimeException unknown(String id) {
        return unavailable("the controller knows no client '" + id + "'");
    }

    static RuntimeException unavailable(String sentence) {
        return Status.UNAVAILABLE.withDescription(sentence).asRuntimeException();
    }

    Instant now() {
        return clock.instant();
    }

    String combiner() {
        return combiner;
    }

    /**
     * Takes a client in with its new task stream.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if there is no room, or it comes too often
     */
    void attach(FednClient client, ServerCallStreamObserver<TaskRequest> call) {
        if (!openings.admits(client.clientId())) {
            throw unavailable("this client comes too often; wait a minute");
        }
        if (!registry.hasRoomFor(client.clientId())) {
            throw unavailable("this combiner is full");
        }
        registry.attach(agent(client, TaskChannel.over(this, client, call)));
    }

    private Agent agent(FednClient client, TaskChannel channel) {
        AgentPrincipal principal = new AgentPrincipal(client.clientId(), client.alliance(), client.name(), Instant.MAX);
        Agent agent = new Agent(principal, "fedn-client/0.33", Map.of(), null, Set.of(), channel, clock.instant());
        attached.add(agent); // one that does not get into the registry is swept out
        return agent;
    }

    /** Notes a heartbeat: the client works, with or without a stream. */
    void heard(FednClient client) {
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
        Instant now = clock.instant();
        Instant limit = now.minus(HEARTBEAT_PATIENCE);
        for (Agent agent : attached) {
            boolean replaced = registry.find(agent.client()).orElse(null) != agent;
            boolean streaming = agent.channel() instanceof TaskChannel channel && channel.open();
            if (replaced) {
                attached.remove(agent);
            } else if (streaming) {
                agent.heard(now);
                places.computeIfPresent(agent.client(), (id, place) -> new Place(place.address(), now));
            } else if (agent.lastHeard().isBefore(limit)) {
                attached.remove(agent);
                registry.detach(agent, "its stream is closed and it sends no heartbeat");
            }
        }
        places.values().removeIf(place -> gone(place, now));
    }
}
