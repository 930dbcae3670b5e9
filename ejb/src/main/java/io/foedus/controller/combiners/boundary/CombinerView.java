package io.foedus.controller.combiners.boundary;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A combiner as people and programs see it.
 *
 * @param alive whether it was heard within its lease
 * @param attached clients it holds, of all alliances
 */
public record CombinerView(
        UUID id,
        String name,
        String host,
        int port,
        boolean tls,
        Map<String, Object> labels,
        int capacity,
        String program,
        long epoch,
        boolean draining,
        boolean alive,
        int attached,
        Map<String, Object> load,
        Instant createdAt,
        Instant lastSeenAt) {}
