package io.foedus.controller.participation.boundary;

import io.foedus.core.round.Metrics;
import java.util.Map;
import java.util.UUID;

/**
 * An update that a combiner folded, as it reports it.
 *
 * @param weight what the fold counted it with; null for its examples
 * @param staleness models published since the one it started from; null for 0
 */
public record Input(
        UUID clientId,
        String digest,
        long size,
        long examples,
        Double weight,
        Integer staleness,
        Map<String, Object> metrics,
        Map<String, Object> timings) {
    public Input {
        weight = weight == null ? Double.valueOf(examples) : weight;
        staleness = staleness == null ? Integer.valueOf(0) : staleness;
        // what is left out has been told with the notice of the update
        metrics = metrics == null ? Map.of() : Metrics.read(metrics).metrics().values();
        timings = timings == null ? Map.of() : Map.copyOf(Metrics.numbers(timings));
    }
}
