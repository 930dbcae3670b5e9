package io.foedus.controller.validation.boundary;

import io.foedus.core.round.Metrics;
import java.util.Map;
import java.util.UUID;

/** What one client measured; {@code examples} is null for 1. */
public record Measured(UUID clientId, Long examples, Map<String, Object> metrics, Map<String, Object> timings) {
    public Measured {
        metrics = metrics == null ? Map.of() : metrics;
        timings = timings == null ? Map.of() : timings;
    }

    /** The same with what may be kept of its metrics. */
    public Measured keeping(Metrics kept) {
        return new Measured(clientId, examples, kept.values(), Map.copyOf(Metrics.numbers(timings)));
    }
}
