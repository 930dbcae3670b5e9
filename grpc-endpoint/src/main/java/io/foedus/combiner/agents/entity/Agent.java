package io.foedus.combiner.agents.entity;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An attached client: who it is, what it can do, when it was last heard of. One object per stream. */
public final class Agent {
    private final UUID stream = UUID.randomUUID();
    private final AgentPrincipal principal;
    private final String program;
    private final Map<String, String> labels;
    private final @Nullable String packageDigest;
    private final Set<UUID> held;
    private final AgentChannel channel;
    private volatile Instant heard;

    /**
     * @param program name and version
     * @param packageDigest compute package it is ready to run, if it said so
     * @param held tasks that it accepted on an earlier stream and still works on
     */
    public Agent(
            AgentPrincipal principal,
            String program,
            Map<String, String> labels,
            @Nullable String packageDigest,
            Set<UUID> held,
            AgentChannel channel,
            Instant now) {
        this.principal = principal;
        this.program = program;
        this.labels = Map.copyOf(labels);
        this.packageDigest = packageDigest;
        this.held = Set.copyOf(held);
        this.channel = channel;
        this.heard = now;
    }

    public UUID client() {
        return principal.client();
    }

    /** Names this stream. */
    public UUID stream() {
        return stream;
    }

    public AgentPrincipal principal() {
        return principal;
    }

    public String program() {
        return program;
    }

    public Map<String, String> labels() {
        return labels;
    }

    public @Nullable String packageDigest() {
        return packageDigest;
    }

    public Set<UUID> held() {
        return held;
    }

    public AgentChannel channel() {
        return channel;
    }

    /** Notes a sign of life. */
    public void heard(Instant now) {
        heard = now;
    }

    public Instant lastHeard() {
        return heard;
    }

    @Override
    public String toString() {
        return principal.name() + " (" + principal.client() + ")";
    }
}
