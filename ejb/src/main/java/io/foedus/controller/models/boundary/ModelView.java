package io.foedus.controller.models.boundary;

import io.foedus.controller.validation.boundary.MetricSummary;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A model as people and programs see it.
 *
 * @param parent null of a seed model, like session, round and its number
 * @param metrics what clients measured, by metric
 */
public record ModelView(
        UUID id,
        String name,
        UUID parent,
        UUID session,
        UUID round,
        Integer roundNumber,
        String digest,
        long size,
        String format,
        Map<String, MetricSummary> metrics,
        Instant createdAt) {
    ModelView with(Map<String, MetricSummary> measured) {
        return new ModelView(id, name, parent, session, round, roundNumber, digest, size, format, measured, createdAt);
    }
}
