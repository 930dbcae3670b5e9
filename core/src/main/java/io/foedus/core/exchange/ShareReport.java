package io.foedus.core.exchange;

import io.foedus.core.round.Metrics;
import io.foedus.core.round.Tally;
import io.foedus.core.text.Printable;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The end of a share.
 *
 * @param examples of all inputs together
 * @param partial absent when there is none: nothing accepted, a validation, or an aggregator that refuses partials; the
 *     inputs' own blobs were sent then
 * @param inputs what the partial is made of, in client-id order
 * @param reason why nothing came of it
 */
public record ShareReport(
        long epoch,
        TaskKind kind,
        Tally tally,
        long examples,
        @Nullable Partial partial,
        List<Input> inputs,
        Map<String, ?> timings,
        @Nullable String reason) {
    private static final int LONGEST_REASON = 2_000;

    public ShareReport {
        kind = kind == null ? TaskKind.TRAIN : kind;
        tally = tally == null ? Tally.NONE : tally;
        inputs = inputs == null ? List.of() : List.copyOf(inputs);
        timings = timings == null ? Map.of() : Map.copyOf(Metrics.numbers(timings));
        reason = reason == null ? null : Printable.line(reason, LONGEST_REASON);
    }

    /** A blob that was stored before. */
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
            Double weight,
            int staleness,
            Map<String, ?> metrics,
            Map<String, ?> timings) {
        public Input {
            weight = weight == null ? (Double) (double) examples : weight;
            // what is left out has been told with the notice of the update
            metrics =
                    metrics == null ? Map.of() : Metrics.read(metrics).metrics().values();
            timings = timings == null ? Map.of() : Map.copyOf(Metrics.numbers(timings));
        }
    }
}
