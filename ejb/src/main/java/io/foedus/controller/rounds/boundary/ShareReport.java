package io.foedus.controller.rounds.boundary;

import io.foedus.controller.participation.boundary.Input;
import io.foedus.controller.participation.entity.TaskKind;
import io.foedus.core.round.Metrics;
import io.foedus.core.round.Tally;
import io.foedus.core.text.Printable;
import java.util.List;
import java.util.Map;

/**
 * The end of a share, as its combiner tells it.
 *
 * @param examples of all inputs together
 * @param partial null if nothing was folded, or the inputs' own blobs were sent
 * @param reason why nothing came of it, or null
 */
public record ShareReport(
        long epoch,
        TaskKind kind,
        Tally tally,
        long examples,
        PartialRef partial,
        List<Input> inputs,
        Map<String, Object> timings,
        String reason) {
    private static final int LONGEST_REASON = 2_000;

    public ShareReport {
        kind = kind == null ? TaskKind.TRAIN : kind;
        tally = tally == null ? Tally.NONE : tally;
        inputs = inputs == null ? List.of() : List.copyOf(inputs);
        timings = timings == null ? Map.of() : Map.copyOf(Metrics.numbers(timings));
        reason = reason == null ? null : Printable.line(reason, LONGEST_REASON);
    }

    /** A blob that was stored before. */
    public record PartialRef(String digest, long size, String format) {}
}
