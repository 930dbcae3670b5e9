package io.foedus.core.exchange;

import io.foedus.core.round.Metrics;
import io.foedus.core.text.Printable;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What came of a client's training, told while its combiner collects, for people to see; the share's report is what
 * counts.
 *
 * @param digest absent if there is no update
 * @param reason a stable code
 * @param message a sentence for people, with failures
 * @param logTail the end of the entry point's output, with failures
 * @param metrics as the client said them; the controller keeps what it can
 */
public record UpdateNotice(
        UUID clientId,
        @Nullable String digest,
        long size,
        long examples,
        Fate fate,
        @Nullable String reason,
        @Nullable String message,
        @Nullable String logTail,
        Map<String, ?> metrics,
        Map<String, ?> timings) {
    private static final int LONGEST_CODE = 100;
    private static final int LONGEST_MESSAGE = 4_000;
    private static final int LONGEST_LOG = 8_000;

    public UpdateNotice {
        metrics = metrics == null ? Map.of() : metrics;
        timings = timings == null ? Map.of() : timings;
        reason = reason == null ? null : Printable.line(reason, LONGEST_CODE);
        message = message == null ? null : Printable.line(message, LONGEST_MESSAGE);
        logTail = logTail == null ? null : Printable.tail(logTail, LONGEST_LOG);
    }

    /** A client that will not deliver, as far as its combiner can tell. */
    public static UpdateNotice lost(UUID client, String why) {
        return new UpdateNotice(client, null, 0, 0, Fate.LOST, "LOST", why, null, Map.of(), Map.of());
    }

    /** The same with what may be kept of its metrics. */
    public UpdateNotice keeping(Metrics kept) {
        return new UpdateNotice(
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
