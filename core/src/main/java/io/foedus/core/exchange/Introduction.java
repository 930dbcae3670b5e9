package io.foedus.core.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a combiner says about itself when it registers.
 *
 * @param host where agents reach it
 * @param capacity most clients it wants to hold
 * @param labels for placing clients near to it
 * @param program name and version
 */
public record Introduction(
        String name,
        String host,
        Integer port,
        Boolean tls,
        Integer capacity,
        Map<String, Object> labels,
        String program) {
    private static final int LONGEST_NAME = 100;
    private static final int USUAL_CAPACITY = 10_000;
    private static final int LAST_PORT = 65_535;

    public Introduction {
        name = name == null ? "" : name;
        host = host == null ? "" : host;
        port = port == null ? 0 : port;
        tls = tls != null && tls;
        capacity = capacity == null ? USUAL_CAPACITY : capacity;
        labels = labels == null ? Map.of() : Map.copyOf(labels);
        program = program == null ? "" : program;
    }

    /** What is wrong with it, one clause for each; empty if nothing is. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            faults.add("name must have 1 to " + LONGEST_NAME + " characters");
        }
        if (host.isBlank()) {
            faults.add("host must say where agents reach the combiner");
        }
        if (port < 1 || port > LAST_PORT) {
            faults.add("port must be 1 to " + LAST_PORT);
        }
        if (capacity < 1) {
            faults.add("capacity must be at least 1");
        }
        return faults;
    }
}
