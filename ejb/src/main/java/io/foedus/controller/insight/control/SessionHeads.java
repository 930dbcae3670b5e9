package io.foedus.controller.insight.control;

import io.foedus.controller.insight.entity.SessionHead;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.sessions.entity.PlanConverter;

/** How sessions are read: the round that goes on is their open one. */
public final class SessionHeads {
    /** Parameter ?1 is the alliance's id as text. */
    public static final Listing<SessionHead> OF_ALLIANCE = where("s.alliance_id = CAST(?1 AS uuid)");

    /** Parameter ?1 is the session's id as text. */
    public static final Listing<SessionHead> ONE = where("s.id = CAST(?1 AS uuid)");

    private SessionHeads() {}

    /**
     * How many clients take part in shares: an open one is still asking until it has reached its target.
     *
     * @param share what the query calls the table of shares
     */
    public static String expected(String share) {
        return "sum(CASE WHEN %1$s.phase IN ('OFFERED', 'RUNNING') THEN greatest(%1$s.target, %1$s.expected) ELSE %1$s.expected END)"
                .formatted(share);
    }

    private static Listing<SessionHead> where(String condition) {
        return Listing.of(
                        "s.id, s.alliance_id, a.name AS alliance, s.name, s.state, s.stop_after_round, s.rounds_planned,"
                                + " s.rounds_completed, r.number, r.phase, r.accepted, r.expected, s.package_id, p.name AS package,"
                                + " s.seed_model_id, s.model_id, s.best_model_id, br.number AS best, CAST(s.plan AS text) AS plan,"
                                + " s.reason, c.name AS by, s.created_at, s.started_at, s.finished_at",
                        "session s JOIN alliance a ON a.id = s.alliance_id LEFT JOIN compute_package p ON p.id = s.package_id"
                                + " LEFT JOIN account c ON c.id = s.created_by LEFT JOIN model bm ON bm.id = s.best_model_id"
                                + " LEFT JOIN round br ON br.id = bm.round_id"
                                + " LEFT JOIN LATERAL (SELECT o.number, o.phase, sum(h.accepted) accepted, "
                                + expected("h") + " expected"
                                + " FROM round o LEFT JOIN share h ON h.round_id = o.id AND h.kind = 'TRAIN'"
                                + " WHERE o.session_id = s.id AND o.phase IN ('PLANNED', 'TRAINING', 'REDUCING', 'VALIDATING')"
                                + " GROUP BY o.id ORDER BY o.number DESC LIMIT 1) r ON true WHERE " + condition,
                        "s.created_at DESC, s.id DESC",
                        SessionHeads::read)
                .text("name", "s.name")
                .exact("state", "s.state")
                .exact("startedBy", "c.name")
                .exact("rounds", "s.rounds_completed")
                .exact("createdAt", "s.created_at");
    }

    private static SessionHead read(Object[] values) {
        Rows row = Rows.of(values);
        return new SessionHead(
                row.id(0),
                row.id(1),
                row.text(2),
                row.text(3),
                row.text(4),
                row.yes(5),
                row.count(6),
                row.count(7),
                row.text(8) == null ? null : row.count(8),
                row.text(9),
                row.count(10),
                row.count(11),
                row.id(12),
                row.text(13),
                row.id(14),
                row.id(15),
                row.id(16),
                row.text(17) == null ? null : row.count(17),
                PlanConverter.read(row.text(18)),
                row.text(19),
                row.text(20),
                row.instant(21),
                row.instant(22),
                row.instant(23));
    }
}
