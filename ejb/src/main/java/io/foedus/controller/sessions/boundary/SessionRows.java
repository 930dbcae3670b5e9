package io.foedus.controller.sessions.boundary;

import io.foedus.controller.listing.Listing;
import io.foedus.controller.persistence.Row;
import io.foedus.controller.sessions.entity.PlanConverter;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.plan.Plan;
import io.foedus.core.round.RoundPhase;

/** How sessions are read, for whoever looks at them; the round that goes on is their newest open one. */
final class SessionRows {
    private static final Listing<SessionView> ALL = Listing.of("""
                    s.id, s.alliance_id, a.name AS alliance, s.name, s.state, s.plan, s.package_id, p.name AS package,
                    s.seed_model_id, s.model_id, s.best_model_id, br.number AS best, s.rounds_planned, s.rounds_completed,
                    s.stop_after_round, s.reason, r.number, r.phase, r.accepted, r.expected, c.name AS creator,
                    s.created_at, s.started_at, s.finished_at
                    """, "session s", """
                    JOIN alliance a ON a.id = s.alliance_id
                    LEFT JOIN compute_package p ON p.id = s.package_id
                    LEFT JOIN account c ON c.id = s.created_by
                    LEFT JOIN model bm ON bm.id = s.best_model_id
                    LEFT JOIN round br ON br.id = bm.round_id
                    LEFT JOIN LATERAL (
                      SELECT o.number, o.phase, sum(h.accepted) AS accepted,
                        sum(CASE WHEN h.phase IN ('OFFERED', 'RUNNING') THEN greatest(h.target, h.expected)
                            ELSE h.expected END) AS expected
                      FROM round o LEFT JOIN share h ON h.round_id = o.id AND h.kind = 'TRAIN'
                      WHERE o.session_id = s.id AND o.phase IN ('PLANNED', 'TRAINING', 'REDUCING', 'VALIDATING')
                      GROUP BY o.id ORDER BY o.number DESC LIMIT 1) r ON true
                    """, SessionRows::view)
            .orderedBy("s.created_at DESC, s.id DESC")
            .text("name", "s.name")
            .exact("state", "s.state")
            .exact("createdBy", "c.name")
            .exact("roundsCompleted", "s.rounds_completed")
            .exact("createdAt", "s.created_at");

    static final Listing<SessionView> OF_ALLIANCE = ALL.where("s.alliance_id = :alliance");

    static final Listing<SessionView> ONE = ALL.where("s.id = :id");

    private SessionRows() {}

    private static SessionView view(Row row) {
        SessionState state = row.one(SessionState.class, 4);
        Plan plan = PlanConverter.read(row.json(5));
        return new SessionView(
                row.id(0),
                row.id(1),
                row.text(2),
                row.text(3),
                state,
                plan,
                row.id(6),
                row.text(7),
                row.id(8),
                row.id(9),
                row.id(10),
                row.countOrNull(11),
                row.count(12),
                row.count(13),
                row.yes(14),
                state.over() ? row.text(15) : null,
                state.over() ? null : row.text(15),
                row.countOrNull(16),
                row.one(RoundPhase.class, 17),
                row.count(18),
                row.count(19),
                Privacy.of(plan, row.count(13), row.count(12)),
                row.text(20),
                row.instant(21),
                row.instant(22),
                row.instant(23));
    }
}
