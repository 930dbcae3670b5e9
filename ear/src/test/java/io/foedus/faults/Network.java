package io.foedus.faults;

import io.foedus.federation.Federation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** A wire on every link of a federation. Threads may share it. */
final class Network implements Federation.Links, AutoCloseable {
    /** How all agents together are called. */
    static final String AGENTS = "agents";

    static final String DATABASE = "postgresql";

    private final Map<String, Wire> wires = new ConcurrentHashMap<>();

    @Override
    public int between(String dialler, String listener, int port) {
        String name = name(dialler, listener);
        return wires.computeIfAbsent(name, any -> Wire.to(name, port)).port();
    }

    /** The wire from one program to another. */
    Wire wire(String dialler, String listener) {
        return wire(name(dialler, listener));
    }

    /** The wire of a {@link #name}. */
    Wire wire(String name) {
        return Objects.requireNonNull(wires.get(name), name);
    }

    /** All of them. */
    List<Wire> all() {
        return List.copyOf(wires.values());
    }

    void mend() {
        wires.values().forEach(Wire::mend);
    }

    @Override
    public void close() {
        wires.values().forEach(Wire::close);
    }

    /** How the wire from one program to another is called. */
    static String name(String dialler, String listener) {
        return dialler + " to " + listener;
    }
}
