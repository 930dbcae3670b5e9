package io.foedus.controller.sessions.boundary;

import io.foedus.controller.sessions.entity.Plan;
import io.foedus.controller.sessions.entity.SessionState;
import jakarta.json.bind.annotation.JsonbProperty;
import java.time.Instant;
import java.util.UUID;

/**
 * A session as people and programs see it.
 *
 * @param computePackage null if its clients bring their own program
 * @param waiting what a running session waits for before it opens a round, or null
 * @param reason why it ended, or null
 * @param privacy what its models tell of a client at most, or null if the plan promises nothing
 */
public record SessionView(
        UUID id,
        String name,
        SessionState state,
        Plan plan,
        @JsonbProperty("package") UUID computePackage,
        UUID seedModel,
        UUID model,
        UUID bestModel,
        int roundsPlanned,
        int roundsCompleted,
        boolean stopsAfterRound,
        String reason,
        String waiting,
        Privacy privacy,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt) {}
