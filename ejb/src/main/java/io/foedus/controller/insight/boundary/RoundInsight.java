package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.insight.control.Rows;
import io.foedus.controller.insight.control.SessionHeads;
import io.foedus.controller.insight.control.Sight;
import io.foedus.controller.insight.entity.RoundLine;
import io.foedus.controller.insight.entity.UpdateLine;
import io.foedus.controller.insight.entity.ValidationLine;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;

/** The rounds of a session, and what each client did in one of them. */
@Stateless
public class RoundInsight {
    private static final String SECONDS = "extract(epoch FROM coalesce(r.finished_at, now()) - r.created_at)";

    private static final Listing<RoundLine> LINES = Listing.of(
                    "r.id, r.number, r.attempt, r.phase, r.reason, s.expected, s.accepted, s.rejected, s.discarded, s.lost,"
                            + " r.examples, (SELECT sum(u.size) FROM model_update u WHERE u.round_id = r.id AND u.fate = 'ACCEPTED'),"
                            + " v.mean, v.std, r.created_at, r.finished_at, " + SECONDS + ", r.model_id,"
                            + " (SELECT m.digest FROM model m WHERE m.id = r.model_id)",
                    "round r LEFT JOIN LATERAL (SELECT "
                            + SessionHeads.expected("share")
                            + " expected, sum(accepted) accepted, sum(rejected) rejected,"
                            + " sum(discarded) discarded, sum(lost) lost FROM share WHERE round_id = r.id AND kind = 'TRAIN') s ON true"
                            + " LEFT JOIN LATERAL (SELECT avg(CAST(metrics->>?2 AS double precision)) mean,"
                            + " stddev_pop(CAST(metrics->>?2 AS double precision)) std FROM validation"
                            + " WHERE round_id = r.id AND jsonb_typeof(metrics->?2) = 'number') v ON true"
                            + " WHERE r.session_id = CAST(?1 AS uuid)",
                    "r.number DESC, r.attempt DESC",
                    RoundInsight::line)
            .exact("number", "r.number")
            .exact("phase", "r.phase")
            .exact("examples", "r.examples")
            .exact("seconds", SECONDS)
            .exact("mean", "v.mean");

    @Inject
    EntityManager entities;

    @Inject
    Sight sight;

    /**
     * Lines of the rounds, the newest first.
     *
     * @param metric the one whose mean and deviation are shown
     */
    public Page<RoundLine> lines(Actor actor, UUID session, String metric, Query query) {
        sight.ofSession(actor, session);
        return LINES.page(entities, query, session.toString(), metric);
    }

    /** Every update of the round with its fate, and the clients that are still working or gave none. */
    public List<UpdateLine> updates(Actor actor, UUID round) {
        sight.ofRound(actor, round);
        return Rows.of(
                entities,
                "SELECT c.id, c.name, b.name, coalesce(u.fate, p.state), coalesce(u.reason, p.reason), u.digest, u.size,"
                        + " u.examples, CAST(u.metrics AS text), CAST(u.timings->>'downloadMillis' AS double precision) / 1000,"
                        + " CAST(u.timings->>'runMillis' AS double precision) / 1000,"
                        + " CAST(u.timings->>'uploadMillis' AS double precision) / 1000,"
                        + " coalesce(u.received_at, p.ended_at, p.claimed_at),"
                        + " CASE WHEN u.fate = 'ACCEPTED' THEN u.weight / (SELECT nullif(sum(w.weight), 0) FROM model_update w"
                        + " WHERE w.fate = 'ACCEPTED' AND w.round_id = CAST(?1 AS uuid)) END"
                        + " FROM (SELECT * FROM participation WHERE round_id = CAST(?1 AS uuid) AND kind = 'TRAIN') p"
                        + " FULL JOIN (SELECT * FROM model_update WHERE round_id = CAST(?1 AS uuid)) u ON u.client_id = p.client_id"
                        + " JOIN client c ON c.id = coalesce(u.client_id, p.client_id)"
                        + " LEFT JOIN combiner b ON b.id = coalesce(u.combiner_id, p.combiner_id)"
                        + " ORDER BY c.name, u.received_at LIMIT 1000",
                row -> new UpdateLine(
                        row.id(0),
                        row.text(1),
                        row.text(2),
                        row.text(3),
                        row.text(4),
                        row.text(5),
                        row.wholeOrNull(6),
                        row.wholeOrNull(7),
                        row.real(13),
                        row.object(8),
                        row.real(9),
                        row.real(10),
                        row.real(11),
                        row.instant(12)),
                round);
    }

    /** Every client's validation in the round. */
    public List<ValidationLine> validations(Actor actor, UUID round) {
        sight.ofRound(actor, round);
        return Rows.of(
                entities,
                "SELECT c.id, c.name, v.model_id, r.number, v.examples, CAST(v.metrics AS text), v.received_at FROM validation v"
                        + " JOIN client c ON c.id = v.client_id JOIN round r ON r.id = v.round_id"
                        + " WHERE v.round_id = CAST(?1 AS uuid) ORDER BY c.name LIMIT 1000",
                row -> new ValidationLine(
                        row.id(0), row.text(1), row.id(2), row.count(3), row.whole(4), row.object(5), row.instant(6)),
                round);
    }

    private static RoundLine line(Object[] values) {
        Rows row = Rows.of(values);
        return new RoundLine(
                row.id(0),
                row.count(1),
                row.count(2),
                row.text(3),
                row.text(4),
                row.count(5),
                row.count(6),
                row.count(7),
                row.count(8),
                row.count(9),
                row.whole(10),
                row.whole(11),
                row.real(12),
                row.real(13),
                row.instant(14),
                row.instant(15),
                row.real(16),
                row.id(17),
                row.text(18));
    }
}
