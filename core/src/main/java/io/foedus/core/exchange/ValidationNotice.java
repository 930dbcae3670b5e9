package io.foedus.core.exchange;

import io.foedus.core.round.Metrics;
import java.util.Map;
import java.util.UUID;

/**
 * What one client measured of a model.
 *
 * @param examples 1 of a client that does not say
 * @param metrics as the client said them; the controller keeps what it can
 */
public record ValidationNotice(UUID clientId, long examples, Map<String, ?> metrics, Map<String, ?> timings) {
    public ValidationNotice {
        examples = Math.max(1, examples);
        metrics = metrics == null ? Map.of() : metrics;
        timings = timings == null ? Map.of() : timings;
    }

    /** The same with what may be kept of its metrics. */
    public ValidationNotice keeping(Metrics kept) {
        return new ValidationNotice(clientId, examples, kept.values(), Map.copyOf(Metrics.numbers(timings)));
    }
}
