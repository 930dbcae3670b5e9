package io.foedus.controller.sessions.boundary;

import io.foedus.controller.sessions.entity.SessionMove;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.plan.Plan;
import io.foedus.core.round.RoundPhase;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbTypeAdapter;
import java.time.Instant;
import java.util.UUID;

/**
 * A session as people and programs see it.
 *
 * @param computePackage null if its clients bring their own program, as is its name
 * @param model the newest model
 * @param bestRound number of the round that made the best model, or null
 * @param waiting what a running session waits for before it opens a round, or null
 * @param reason why it ended, or null
 * @param round number of the round that goes on, null between rounds, as is its {@code phase}
 * @param accepted updates accepted in that round, of {@code expected}: an open share is still asking until it has
 *     reached its target
 * @param privacy what its models tell of a client at most, or null if the plan promises nothing
 * @param createdBy name of the account, or null
 */
public record SessionView(
        UUID id,
        UUID allianceId,
        String alliance,
        String name,
        SessionState state,
        @JsonbTypeAdapter(PlanAdapter.class) Plan plan,
        @JsonbProperty("package") UUID computePackage,
        String packageName,
        UUID seedModel,
        UUID model,
        UUID bestModel,
        Integer bestRound,
        int roundsPlanned,
        int roundsCompleted,
        boolean stopsAfterRound,
        String reason,
        String waiting,
        Integer round,
        RoundPhase phase,
        int accepted,
        int expected,
        Privacy privacy,
        String createdBy,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt) {

    /** Why it ended, or what it waits for; null if there is nothing to say. */
    public String why() {
        return reason == null ? waiting : reason;
    }

    /** Whether it may still change by itself or by an operator. */
    public boolean open() {
        return may("STOP_NOW");
    }

    /** Whether a move of {@link SessionMove} is allowed now. */
    public boolean may(String move) {
        return SessionMove.valueOf(move).allowedIn(state);
    }
}
