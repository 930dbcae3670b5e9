package io.foedus.combiner.agents.control;

import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.agents.entity.AgentChannel.Ending;
import io.foedus.combiner.agents.entity.AgentListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The attached agents, one per client. Safe for many threads. */
public final class AgentRegistry {
    private final Map<UUID, Agent> agents = new ConcurrentHashMap<>();
    private final List<AgentListener> listeners = new CopyOnWriteArrayList<>();
    private final Clock clock;
    private final int capacity;
    private final Duration silence;

    /**
     * @param capacity most clients at once
     * @param silence how long an agent may be silent before it is let go
     */
    public AgentRegistry(Clock clock, int capacity, Duration silence) {
        this.clock = clock;
        this.capacity = capacity;
        this.silence = silence;
    }

    public void listen(AgentListener listener) {
        listeners.add(listener);
    }

    /** Whether that client may attach: it is attached already, or there is room. */
    public boolean hasRoomFor(UUID client) {
        return agents.size() < capacity || agents.containsKey(client);
    }

    /** Takes an agent in; the client's earlier stream, if there is one, is closed. */
    public void attach(Agent agent) {
        Agent former = agents.put(agent.client(), agent);
        if (former != null) {
            former.channel().close(Ending.REPLACED, "the client opened a newer stream");
        }
        listeners.forEach(listener -> listener.attached(agent));
    }

    /** Takes an agent in unless its client has a stream already. */
    public void attachIfAbsent(Agent agent) {
        if (agents.putIfAbsent(agent.client(), agent) == null) {
            listeners.forEach(listener -> listener.attached(agent));
        }
    }

    /** Lets an agent go, unless a newer stream of the same client has taken its place. */
    public void detach(Agent agent, String reason) {
        if (agents.remove(agent.client(), agent)) {
            listeners.forEach(listener -> listener.detached(agent, reason));
        }
    }

    public Optional<Agent> find(UUID client) {
        return Optional.ofNullable(agents.get(client));
    }

    /** All of them, at this moment. */
    public List<Agent> all() {
        return List.copyOf(agents.values());
    }

    public int count() {
        return agents.size();
    }

    /** Ends the conversation with a client, if there is one. */
    public void expel(UUID client, Ending why, String detail) {
        Agent agent = agents.get(client);
        if (agent != null) {
            agent.channel().close(why, detail);
            detach(agent, detail);
        }
    }

    /** Lets go of those that have been silent for too long. */
    public void sweep() {
        Instant limit = clock.instant().minus(silence);
        for (Agent agent : agents.values()) {
            if (agent.lastHeard().isBefore(limit)) {
                expel(agent.client(), Ending.SILENT, "nothing heard for " + silence.toSeconds() + " s");
            }
        }
    }
}
