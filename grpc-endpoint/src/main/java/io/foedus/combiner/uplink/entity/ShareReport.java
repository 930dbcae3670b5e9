package io.foedus.combiner.uplink.entity;

import io.foedus.core.round.Tally;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The end of a share.
 *
 * @param examples sum over the inputs
 * @param partial absent when there is none: nothing accepted, a validation, or an aggregator that refuses partials
 * @param inputs what the partial is made of, in client-id order
 */
public record ShareReport(
        long epoch,
        TaskKind kind,
        Tally tally,
        long examples,
        @Nullable Partial partial,
        List<Input> inputs,
        Map<String, Double> timings,
        @Nullable String reason) {
    /** A stored blob. */
    public record Partial(String digest, long size, String format) {}

    /**
     * One accepted update.
     *
     * @param weight what the fold counts it with; a partial counts with the sum
     * @param staleness how many models had been published since the one it started from
     */
    public record Input(
            UUID clientId,
            String digest,
            long size,
            long examples,
            double weight,
            int staleness,
            Map<String, Double> metrics,
            Map<String, Double> timings) {}
}
