package io.foedus.controller.participation.boundary;

import io.foedus.controller.participation.entity.ClaimState;
import io.foedus.core.exchange.TaskKind;
import java.time.Instant;
import java.util.UUID;

/**
 * A client's part in a round as people and programs see it: also of one that brought no update.
 *
 * @param reason why nothing came of it, or null
 */
public record ParticipationView(
        UUID client,
        String clientName,
        UUID combiner,
        String combinerName,
        TaskKind kind,
        ClaimState state,
        String reason,
        Instant claimedAt,
        Instant endedAt) {}
