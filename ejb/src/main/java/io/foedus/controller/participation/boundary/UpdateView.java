package io.foedus.controller.participation.boundary;

import io.foedus.controller.participation.entity.UpdateState;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * An update as people and programs see it.
 *
 * @param share its part of the weight of all that count in the round, from 0 to 1; null of one that does not count
 */
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
        Double share,
        int staleness,
        UpdateState fate,
        String reason,
        Map<String, Object> metrics,
        Map<String, Object> timings,
        Instant receivedAt) {}
