package io.foedus.core.round;

import java.util.Map;

/** A client that could take part. */
public record Candidate(String id, Map<String, String> attributes) {
    public Candidate {
        attributes = Map.copyOf(attributes);
    }

    public static Candidate of(String id) {
        return new Candidate(id, Map.of());
    }
}
