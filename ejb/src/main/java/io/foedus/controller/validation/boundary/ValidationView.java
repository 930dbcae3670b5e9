package io.foedus.controller.validation.boundary;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** A validation as people and programs see it. */
public record ValidationView(
        UUID id,
        UUID model,
        UUID round,
        Integer roundNumber,
        UUID client,
        String clientName,
        long examples,
        Map<String, Object> metrics,
        Map<String, Object> timings,
        Instant receivedAt) {}
