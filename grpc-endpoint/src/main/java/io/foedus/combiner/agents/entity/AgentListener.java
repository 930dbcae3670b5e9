package io.foedus.combiner.agents.entity;

/** Hears who comes and goes. Called on the stream's thread, in order for one client; must not block. */
public interface AgentListener {
    /** A stream is open; for a client that was attached already, it is a newer one. */
    void attached(Agent agent);

    /** The client has no stream any more. */
    void detached(Agent agent, String reason);
}
