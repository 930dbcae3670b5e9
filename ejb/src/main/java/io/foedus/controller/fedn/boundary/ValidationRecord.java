package io.foedus.controller.fedn.boundary;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * What one client found about one model.
 *
 * @param externalId the client's id in FEDn's terms, or null
 * @param combiner the combiner that the client is attached to now, or null
 */
public record ValidationRecord(
        UUID id,
        UUID model,
        UUID session,
        UUID round,
        UUID client,
        String externalId,
        String clientName,
        String combiner,
        long examples,
        Map<String, Object> metrics,
        Instant receivedAt) {}
