package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.Fate;
import org.jspecify.annotations.Nullable;

/** What became of a result. */
public record Receipt(Fate fate, @Nullable String reason) {
    public static final Receipt ACCEPTED = new Receipt(Fate.ACCEPTED, null);
}
