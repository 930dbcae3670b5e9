package io.foedus.combiner.collection.entity;

import io.foedus.core.round.Metrics;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a client says it has done.
 *
 * @param upload name of the uploaded file: the task, or FEDn's {@code model_update_id}
 * @param examples local examples that the result rests on
 * @param metrics what the entry point wrote, as far as it may be one
 * @param digest of the uploaded update; absent for a validation
 */
public record TaskOutcome(
        UUID task,
        UUID upload,
        long examples,
        Metrics metrics,
        @Nullable String digest,
        long size,
        Map<String, Double> timings) {}
