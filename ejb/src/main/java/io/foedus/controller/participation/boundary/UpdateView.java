package io.foedus.controller.participation.boundary;

import io.foedus.controller.participation.entity.Fate;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** An update as people and programs see it. */
public record UpdateView(
        UUID id,
        UUID round,
        int roundNumber,
        UUID client,
        String clientName,
        UUID combiner,
        String combinerName,
        String digest,
        long size,
        long examples,
        double weight,
        int staleness,
        Fate fate,
        String reason,
        Map<String, Object> metrics,
        Map<String, Object> timings,
        Instant receivedAt) {}
