package io.foedus.core.exchange;

import java.util.List;
import java.util.UUID;

/** Those that it has from now on. */
public record Claimed(List<UUID> claimed) {
    public Claimed {
        claimed = claimed == null ? List.of() : List.copyOf(claimed);
    }
}
