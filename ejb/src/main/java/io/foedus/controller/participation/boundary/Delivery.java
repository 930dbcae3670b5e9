package io.foedus.controller.participation.boundary;

import io.foedus.core.round.Metrics;
import io.foedus.core.text.Printable;
import java.util.Map;
import java.util.UUID;

/**
 * What came of a client's task, as its combiner tells it while it collects.
 *
 * @param fate ACCEPTED, REJECTED, LATE, DUPLICATE of an update; FAILED of a client that said so, LOST of one that is
 *     gone
 * @param reason a stable code
 * @param message a sentence for people, with failures
 * @param logTail the end of the entry point's output, with failures
 */
public record Delivery(
        UUID clientId,
        String digest,
        Long size,
        Long examples,
        String fate,
        String reason,
        String message,
        String logTail,
        Map<String, Object> metrics,
        Map<String, Object> timings) {
    private static final int LONGEST_CODE = 100;
    private static final int LONGEST_MESSAGE = 4_000;
    private static final int LONGEST_LOG = 8_000;

    public Delivery {
        metrics = metrics == null ? Map.of() : metrics;
        timings = timings == null ? Map.of() : timings;
        reason = reason == null ? null : Printable.line(reason, LONGEST_CODE);
        message = message == null ? null : Printable.line(message, LONGEST_MESSAGE);
        logTail = logTail == null ? null : Printable.tail(logTail, LONGEST_LOG);
    }

    /** The same with what may be kept of its metrics. */
    public Delivery keeping(Metrics kept) {
        return new Delivery(
                clientId,
                digest,
                size,
                examples,
                fate,
                reason,
                message,
                logTail,
                kept.values(),
                Map.copyOf(Metrics.numbers(timings)));
    }
}
