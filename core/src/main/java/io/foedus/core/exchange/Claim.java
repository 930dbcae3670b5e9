package io.foedus.core.exchange;

import java.util.List;
import java.util.UUID;

/** Clients that a combiner wants in a round. */
public record Claim(UUID combinerId, long epoch, TaskKind kind, List<UUID> clients) {
    public Claim {
        kind = kind == null ? TaskKind.TRAIN : kind;
        clients = clients == null ? List.of() : List.copyOf(clients);
    }
}
