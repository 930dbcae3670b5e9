package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.Fate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended: a line of the ledger.
 *
 * @param digest of the result that was judged; absent if none came
 */
public record TaskEnd(
        UUID task,
        UUID client,
        UUID round,
        @Nullable String digest,
        Fate fate,
        @Nullable String reason) {}
