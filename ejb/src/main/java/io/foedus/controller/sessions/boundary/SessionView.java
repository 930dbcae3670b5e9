package io.foedus.controller.sessions.boundary;

import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.plan.Plan;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbTypeAdapter;
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
        @JsonbTypeAdapter(PlanAdapter.class) Plan plan,
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
