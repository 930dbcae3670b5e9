package io.foedus.core.exchange;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What FEDn clients log about themselves and their training. */
public record ObservationReport(List<Attribute> attributes, List<Metric> metrics) {
    public ObservationReport {
        attributes = attributes == null ? List.of() : List.copyOf(attributes);
        metrics = metrics == null ? List.of() : List.copyOf(metrics);
    }

    /** A fact about a client. */
    public record Attribute(
            @Nullable UUID clientId,
            String key,
            String value,
            @Nullable Instant at) {}

    /**
     * A number at some step of some work.
     *
     * @param step the client's own count
     */
    public record Metric(
            @Nullable UUID clientId,
            String key,
            double value,
            @Nullable Long step,
            @Nullable UUID modelId,
            @Nullable UUID sessionId,
            @Nullable UUID roundId,
            @Nullable Instant at) {}

    /** Several as one. */
    public static ObservationReport together(List<ObservationReport> parts) {
        return new ObservationReport(
                parts.stream().flatMap(part -> part.attributes().stream()).toList(),
                parts.stream().flatMap(part -> part.metrics().stream()).toList());
    }
}
