package io.foedus.controller.events.boundary;

import io.foedus.core.exchange.Severity;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** An event as people and programs see it; ids of what it is not about are null. */
public record EventView(
        long id,
        Instant at,
        Severity severity,
        String kind,
        String message,
        UUID session,
        UUID round,
        UUID client,
        UUID combiner,
        Map<String, Object> data) {}
