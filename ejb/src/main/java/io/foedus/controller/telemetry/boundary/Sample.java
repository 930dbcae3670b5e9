package io.foedus.controller.telemetry.boundary;

import java.time.Instant;
import java.util.Map;

/** Values at one moment. */
public record Sample(Instant at, Map<String, Object> values) {}
