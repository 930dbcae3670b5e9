package io.foedus.controller.sessions.boundary;

import io.foedus.controller.listing.Listing;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.sessions.entity.PlanConverter;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.plan.Plan;
import java.util.UUID;

/** How sessions are listed. */
final class SessionList {
    /** The parameter is the alliance. */
    static final Listing<SessionView> OF_ALLIANCE = Listing.of(
                    "s.id, s.name, s.state, s.plan, s.package_id, s.seed_model_id, s.model_id, s.best_model_id,"
                            + " s.rounds_planned, s.rounds_completed, s.stop_after_round, s.reason, s.created_at,"
                            + " s.started_at, s.finished_at",
                    "session s WHERE s.alliance_id = ?1",
                    "s.created_at DESC, s.id DESC",
                    SessionList::view)
            .exact("id", "s.id")
            .text("name", "s.name")
            .exact("state", "s.state")
            .exact("roundsCompleted", "s.rounds_completed")
            .exact("roundsPlanned", "s.rounds_planned")
            .exact("createdAt", "s.created_at")
            .exact("startedAt", "s.started_at")
            .exact("finishedAt", "s.finished_at");

    private SessionList() {}

    static SessionView view(Session session) {
        boolean over = session.state().over();
        return new SessionView(
                session.id(),
                session.name(),
                session.state(),
                session.plan(),
                session.packageId(),
                session.seedModelId(),
                session.modelId(),
                session.bestModelId(),
                session.roundsPlanned(),
                session.roundsCompleted(),
                session.stopsAfterRound(),
                over ? session.reason() : null,
                over ? null : session.reason(),
                Privacy.of(session.plan(), session.roundsCompleted(), session.roundsPlanned()),
                session.createdAt(),
                session.startedAt(),
                session.finishedAt());
    }

    private static SessionView view(Object[] row) {
        SessionState state = SessionState.valueOf((String) row[2]);
        Plan plan = PlanConverter.read(JsonObjectConverter.text(row[3]));
        return new SessionView(
                (UUID) row[0],
                (String) row[1],
                state,
                plan,
                (UUID) row[4],
                (UUID) row[5],
                (UUID) row[6],
                (UUID) row[7],
                ((Number) row[8]).intValue(),
                ((Number) row[9]).intValue(),
                (Boolean) row[10],
                state.over() ? (String) row[11] : null,
                state.over() ? null : (String) row[11],
                Privacy.of(plan, ((Number) row[9]).intValue(), ((Number) row[8]).intValue()),
                InstantConverter.of(row[12]),
                InstantConverter.of(row[13]),
                InstantConverter.of(row[14]));
    }
}
