package io.foedus.controller.insight.entity;

import io.foedus.controller.sessions.entity.SessionMove;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.plan.Plan;
import java.time.Instant;
import java.util.UUID;

/**
 * A session as its page's head and as a line of lists.
 *
 * @param stopping whether it stops after the round that goes on
 * @param phase phase of the round that goes on, null between rounds; {@code round} likewise
 * @param accepted updates accepted in that round, of {@code expected}
 * @param modelId the newest model
 */
public record SessionHead(
        UUID id,
        UUID allianceId,
        String alliance,
        String name,
        String state,
        boolean stopping,
        int roundsPlanned,
        int roundsCompleted,
        Integer round,
        String phase,
        int accepted,
        int expected,
        UUID packageId,
        String packageName,
        UUID seedModelId,
        UUID modelId,
        UUID bestModelId,
        Integer bestRound,
        Plan plan,
        String reason,
        String startedBy,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt) {

    /** Whether it may still change by itself or by an operator. */
    public boolean open() {
        return may("STOP_NOW");
    }

    /** Whether a move of {@link SessionMove} is allowed now. */
    public boolean may(String move) {
        return SessionMove.valueOf(move).allowedIn(SessionState.valueOf(state));
    }
}
