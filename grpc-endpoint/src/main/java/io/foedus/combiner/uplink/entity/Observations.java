package io.foedus.combiner.uplink.entity;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What FEDn clients log about themselves and their training; instants are ISO-8601. */
public record Observations(List<Attribute> attributes, List<Metric> metrics) {
    /** A fact about a client. */
    public record Attribute(UUID clientId, String key, String value, String at) {}

    /** A number at some step of some work. */
    public record Metric(
            UUID clientId,
            String key,
            double value,
            @Nullable Long step,
            @Nullable String modelId,
            @Nullable String sessionId,
            @Nullable String roundId,
            String at) {}

    /** Several as one. */
    public static Observations together(List<Observations> parts) {
        return new Observations(
                parts.stream().flatMap(part -> part.attributes().stream()).toList(),
                parts.stream().flatMap(part -> part.metrics().stream()).toList());
    }
}
