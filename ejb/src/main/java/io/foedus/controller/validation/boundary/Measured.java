package io.foedus.controller.validation.boundary;

import java.util.Map;
import java.util.UUID;

/** What one client measured; {@code examples} is null for 1. */
public record Measured(UUID clientId, Long examples, Map<String, Object> metrics, Map<String, Object> timings) {}
