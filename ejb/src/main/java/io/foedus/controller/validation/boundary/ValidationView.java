package io.foedus.controller.validation.boundary;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A validation as people and programs see it.
 *
 * @param externalId the client's id in FEDn's terms, or null
 * @param combinerName the combiner that the client is attached to now, or null
 */
public record ValidationView(
        UUID id,
        UUID model,
        UUID session,
        UUID round,
        Integer roundNumber,
        UUID client,
        String clientName,
        String externalId,
        String combinerName,
        long examples,
        Map<String, Object> metrics,
        Map<String, Object> timings,
        Instant receivedAt) {}
