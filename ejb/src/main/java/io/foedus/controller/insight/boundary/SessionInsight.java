package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.insight.control.MetricNames;
import io.foedus.controller.insight.control.Rows;
import io.foedus.controller.insight.control.SessionHeads;
import io.foedus.controller.insight.control.Sight;
import io.foedus.controller.insight.entity.ClientPoint;
import io.foedus.controller.insight.entity.CurvePoint;
import io.foedus.controller.insight.entity.MetricName;
import io.foedus.controller.insight.entity.RoundShape;
import io.foedus.controller.insight.entity.SessionHead;
import io.foedus.controller.insight.entity.SessionTotals;
import io.foedus.controller.insight.entity.Span;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a session looks like over its rounds. */
@Stateless
public class SessionInsight {
    /** The latest attempt of each round of session ?1. */
    private static final String LATEST = "(SELECT DISTINCT ON (number) * FROM round WHERE session_id = CAST(?1 AS uuid)"
            + " AND number >= ?2 ORDER BY number, attempt DESC) r";

    private static final int NEWEST = 60;
    private static final int OLDER = 100;
    private static final int SPARK = 40;
    private static final int OUTERMOST = 5;

    @Inject
    EntityManager entities;

    @Inject
    Sight sight;

    /** Sessions of the alliance, the newest first. */
    public Page<SessionHead> heads(Actor actor, UUID alliance, Query query) {
        sight.ofAlliance(actor, alliance);
        return SessionHeads.OF_ALLIANCE.page(entities, query, alliance.toString());
    }

    /** One session. */
    public SessionHead head(Actor actor, UUID session) {
        sight.ofSession(actor, session);
        return SessionHeads.ONE
                .page(entities, Query.first(1), session.toString())
                .items()
                .get(0);
    }

    /** Metrics that clients reported for the session's models, in order of the alphabet. */
    public List<MetricName> metrics(Actor actor, UUID session) {
        sight.ofSession(actor, session);
        return MetricNames.lately(entities, "session_id", session);
    }

    /** Rounds that the session's seed model has behind it, in the sessions that it goes on from. */
    public int roundsBefore(Actor actor, UUID session) {
        sight.ofSession(actor, session);
        return Rows.of(entities, """
                        WITH RECURSIVE line (seed, rounds) AS (
                          SELECT seed_model_id, 0 FROM session WHERE id = CAST(?1 AS uuid)
                          UNION ALL
                          SELECT s.seed_model_id, line.rounds + r.number FROM line JOIN model m ON m.id = line.seed
                            JOIN round r ON r.id = m.round_id JOIN session s ON s.id = r.session_id)
                        SELECT max(rounds), 1 FROM line
                        """, row -> row.count(0), session).get(0);
    }

    /**
     * A metric by round and client, in the rounds of {@link #curve}: of all clients, or of the five with the lowest and
     * the five with the highest values in the newest twenty rounds.
     */
    public List<ClientPoint> byClient(Actor actor, UUID session, String metric) {
        sight.ofSession(actor, session);
        int last = last(session);
        int step = Math.max(1, (last - NEWEST + OLDER - 1) / OLDER);
        return Rows.of(
                entities,
                """
                WITH point AS (
                  SELECT v.client_id, r.number, CAST(v.metrics->>?3 AS double precision) x FROM %s
                    JOIN validation v ON v.round_id = r.id
                   WHERE (r.number %% ?4 = 0 OR r.number > ?5) AND jsonb_typeof(v.metrics->?3) = 'number'),
                place AS (
                  SELECT client_id, row_number() OVER (ORDER BY avg(x), client_id) low,
                         row_number() OVER (ORDER BY avg(x) DESC, client_id) high, count(*) OVER () clients
                    FROM point WHERE number > ?6 GROUP BY client_id)
                SELECT c.id, c.name, p.number, p.x, l.clients FROM point p JOIN place l ON l.client_id = p.client_id
                  JOIN client c ON c.id = p.client_id WHERE l.low <= ?7 OR l.high <= ?7 ORDER BY c.name, c.id, p.number
                """.formatted(LATEST),
                row -> new ClientPoint(row.id(0), row.text(1), row.count(2), row.real(3), row.count(4)),
                session,
                1,
                metric,
                step,
                last - NEWEST,
                last - 20,
                OUTERMOST);
    }

    /**
     * A metric by round: each of the newest sixty rounds, of those before every n-th, so that there are never more than
     * 160 points.
     */
    public List<CurvePoint> curve(Actor actor, UUID session, String metric) {
        sight.ofSession(actor, session);
        int last = last(session);
        int step = Math.max(1, (last - NEWEST + OLDER - 1) / OLDER);
        return points(
                "CAST(v.metrics->>?3 AS double precision) x, v.examples w FROM " + LATEST
                        + " JOIN validation v ON v.round_id = r.id WHERE (r.number % ?4 = 0 OR r.number > ?5)"
                        + " AND jsonb_typeof(v.metrics->?3) = 'number'",
                session,
                1,
                metric,
                step,
                last - NEWEST);
    }

    private int last(UUID session) {
        return Rows.of(
                        entities,
                        "SELECT coalesce(max(number), 0), 1 FROM round WHERE session_id = CAST(?1 AS uuid)",
                        row -> row.count(0),
                        session)
                .get(0);
    }

    /** How many seconds clients trained, by round, from a round on; only updates that counted. */
    public List<CurvePoint> trainingTimes(Actor actor, UUID session, int from) {
        sight.ofSession(actor, session);
        return points(
                "CAST(u.timings->>'runMillis' AS double precision) / 1000 x, u.examples w FROM " + LATEST
                        + " JOIN model_update u ON u.round_id = r.id AND u.fate = 'ACCEPTED'"
                        + " WHERE jsonb_typeof(u.timings->'runMillis') = 'number'",
                session,
                from);
    }

    /** @param values selects {@code x}, what is distributed, and {@code w}, its weight, for rounds {@code r} */
    private List<CurvePoint> points(String values, Object... parameters) {
        return Rows.of(
                entities,
                "SELECT number, max(t) AS t, count(*), avg(x), sum(x * w) / nullif(sum(w), 0), stddev_pop(x), min(x),"
                        + " percentile_cont(0.25) WITHIN GROUP (ORDER BY x), percentile_cont(0.5) WITHIN GROUP (ORDER BY x),"
                        + " percentile_cont(0.75) WITHIN GROUP (ORDER BY x), max(x) FROM ("
                        + "SELECT r.number, extract(epoch FROM coalesce(r.finished_at, now()) - (SELECT coalesce(started_at, created_at)"
                        + " FROM session WHERE id = r.session_id)) t, " + values
                        + ") p GROUP BY number ORDER BY number",
                row -> new CurvePoint(
                        row.count(0),
                        row.real(1),
                        row.count(2),
                        row.real(3),
                        row.real(4) == null ? row.real(3) : row.real(4),
                        row.real(5),
                        row.real(6),
                        row.real(7),
                        row.real(8),
                        row.real(9),
                        row.real(10)),
                parameters);
    }

    /** Counts and means over all rounds. */
    public SessionTotals totals(Actor actor, UUID session) {
        sight.ofSession(actor, session);
        return Rows.of(entities, """
                        SELECT (SELECT sum(s.rejected) FROM share s JOIN round r ON r.id = s.round_id
                                 WHERE r.session_id = CAST(?1 AS uuid) AND s.kind = 'TRAIN'),
                               (SELECT avg(extract(epoch FROM finished_at - created_at)) FROM round
                                 WHERE session_id = CAST(?1 AS uuid) AND phase = 'COMPLETED')
                        """, row -> new SessionTotals(row.whole(0), row.real(1)), session)
                .get(0);
    }

    /** Participation and durations by round, from a round on. */
    public List<RoundShape> shapes(Actor actor, UUID session, int from) {
        sight.ofSession(actor, session);
        return Rows.of(
                entities,
                "SELECT r.number, s.accepted, s.rejected, s.discarded, s.lost,"
                        + " extract(epoch FROM r.training_at - r.created_at), extract(epoch FROM r.reducing_at - r.training_at),"
                        + " extract(epoch FROM r.validating_at - r.reducing_at),"
                        + " extract(epoch FROM r.finished_at - r.validating_at), u.download, u.run, u.upload, s.fold FROM "
                        + LATEST
                        + " LEFT JOIN LATERAL (SELECT sum(accepted) accepted, sum(rejected) rejected, sum(discarded) discarded,"
                        + " sum(lost) lost, avg(CAST(timings->>'foldMillis' AS double precision)) / 1000 fold FROM share"
                        + " WHERE round_id = r.id AND kind = 'TRAIN') s ON true"
                        + " LEFT JOIN LATERAL (SELECT avg(CAST(timings->>'downloadMillis' AS double precision)) / 1000 download,"
                        + " avg(CAST(timings->>'runMillis' AS double precision)) / 1000 run,"
                        + " avg(CAST(timings->>'uploadMillis' AS double precision)) / 1000 upload FROM model_update"
                        + " WHERE round_id = r.id AND fate = 'ACCEPTED') u ON true ORDER BY r.number",
                row -> new RoundShape(
                        row.count(0),
                        row.count(1),
                        row.count(2),
                        row.count(3),
                        row.count(4),
                        row.real(5),
                        row.real(6),
                        row.real(7),
                        row.real(8),
                        row.real(9),
                        row.real(10),
                        row.real(11),
                        row.real(12)),
                session,
                from);
    }

    /**
     * Means of a metric for several sessions, for small pictures: of some forty rounds each, the newest among them;
     * sessions without it are left out.
     */
    public Map<UUID, List<Double>> sparks(Actor actor, List<UUID> sessions, String metric) {
        sessions.forEach(session -> sight.ofSession(actor, session));
        Map<UUID, List<Double>> sparks = new LinkedHashMap<>();
        for (UUID session : sessions) {
            int last = last(session);
            List<Double> means = Rows.of(
                    entities,
                    "SELECT avg(CAST(v.metrics->>?2 AS double precision)) FROM round r JOIN validation v ON v.round_id = r.id"
                            + " WHERE r.session_id = CAST(?1 AS uuid) AND jsonb_typeof(v.metrics->?2) = 'number'"
                            + " AND (?3 - r.number) % ?4 = 0"
                            + " GROUP BY r.number ORDER BY r.number",
                    row -> row.real(0),
                    session,
                    metric,
                    last,
                    1 + last / SPARK);
            if (!means.isEmpty()) {
                sparks.put(session, means);
            }
        }
        return sparks;
    }

    /** Who worked when, from a round on: combiners on their shares, the reducer on the partials. */
    public List<Span> spans(Actor actor, UUID session, int from) {
        sight.ofSession(actor, session);
        return Rows.of(
                entities,
                "SELECT r.number, c.name, lower(s.kind), coalesce(s.running_at, s.offered_at),"
                        + " coalesce(s.reported_at, r.finished_at) FROM " + LATEST
                        + " JOIN share s ON s.round_id = r.id JOIN combiner c ON c.id = s.combiner_id"
                        + " UNION ALL SELECT r.number, NULL, 'reduce', r.reducing_at, coalesce(r.validating_at, r.finished_at) FROM "
                        + LATEST + " WHERE r.reducing_at IS NOT NULL ORDER BY 4",
                row -> new Span(row.count(0), row.text(1), row.text(2), row.instant(3), row.instant(4)),
                session,
                from);
    }
}
