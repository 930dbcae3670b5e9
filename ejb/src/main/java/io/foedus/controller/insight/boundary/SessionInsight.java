package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.insight.control.MetricNames;
import io.foedus.controller.insight.control.Sight;
import io.foedus.controller.insight.entity.ClientPoint;
import io.foedus.controller.insight.entity.CurvePoint;
import io.foedus.controller.insight.entity.MetricName;
import io.foedus.controller.insight.entity.RoundShape;
import io.foedus.controller.insight.entity.SessionTotals;
import io.foedus.controller.insight.entity.Span;
import io.foedus.controller.persistence.Sql;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** What a session looks like over its rounds. */
@Stateless
public class SessionInsight {
    /** The latest attempt of each of some rounds of the session. */
    private static final String LATEST = """
            (SELECT DISTINCT ON (number) * FROM round WHERE session_id = :session AND number BETWEEN :from AND :to
             ORDER BY number, attempt DESC) r
            """;

    private static final int LAST = Integer.MAX_VALUE;
    private static final int NEWEST = 60;
    private static final int OLDER = 100;
    private static final int SPARK = 40;
    private static final int OUTERMOST = 5;
    private static final int JUDGED = 20;

    @Inject
    EntityManager entities;

    @Inject
    Sight sight;

    /** Metrics that clients reported for the session's models, in order of the alphabet. */
    public List<MetricName> metrics(Actor actor, UUID session) {
        sight.ofSession(actor, session);
        return MetricNames.ofSession(entities, session);
    }

    /** Rounds that the session's seed model has behind it, in the sessions that it goes on from. */
    public int roundsBefore(Actor actor, UUID session) {
        sight.ofSession(actor, session);
        return Sql.of(entities, """
                        WITH RECURSIVE line (seed, rounds) AS (
                          SELECT seed_model_id, 0 FROM session WHERE id = :session
                          UNION ALL
                          SELECT s.seed_model_id, line.rounds + r.number FROM line JOIN model m ON m.id = line.seed
                            JOIN round r ON r.id = m.round_id JOIN session s ON s.id = r.session_id)
                        SELECT max(rounds) FROM line
                        """).with("session", session).only(row -> row.count(0));
    }

    /**
     * A metric by round and client, in the rounds of {@link #curve}: of all clients, or of the five with the lowest and
     * the five with the highest values in the newest twenty rounds.
     */
    public List<ClientPoint> byClient(Actor actor, UUID session, String metric) {
        sight.ofSession(actor, session);
        int last = last(session);
        return Sql.of(entities, """
                        WITH point AS (
                          SELECT v.client_id, r.number, CAST(v.metrics->>:metric AS double precision) x FROM %s
                            JOIN validation v ON v.round_id = r.id
                           WHERE (r.number %% :step = 0 OR r.number > :thin) AND jsonb_typeof(v.metrics->:metric) = 'number'),
                        place AS (
                          SELECT client_id, row_number() OVER (ORDER BY avg(x), client_id) low,
                                 row_number() OVER (ORDER BY avg(x) DESC, client_id) high, count(*) OVER () clients
                            FROM point WHERE number > :judged GROUP BY client_id)
                        SELECT c.id, c.name, p.number, p.x, l.clients FROM point p JOIN place l ON l.client_id = p.client_id
                          JOIN client c ON c.id = p.client_id WHERE l.low <= :outermost OR l.high <= :outermost
                         ORDER BY c.name, c.id, p.number
                        """.formatted(LATEST))
                .with(thinned(session, metric, last))
                .with("judged", last - JUDGED)
                .with("outermost", OUTERMOST)
                .list(row -> new ClientPoint(row.id(0), row.text(1), row.count(2), row.real(3), row.count(4)));
    }

    /**
     * A metric by round: each of the newest sixty rounds, of those before every n-th, so that there are never more than
     * 160 points.
     */
    public List<CurvePoint> curve(Actor actor, UUID session, String metric) {
        sight.ofSession(actor, session);
        return points("""
                CAST(v.metrics->>:metric AS double precision) AS x, v.examples AS w FROM %s
                  JOIN validation v ON v.round_id = r.id
                WHERE (r.number %% :step = 0 OR r.number > :thin) AND jsonb_typeof(v.metrics->:metric) = 'number'
                """.formatted(LATEST), thinned(session, metric, last(session)));
    }

    /** The newest sixty rounds, and of those before every n-th. */
    private static Map<String, Object> thinned(UUID session, String metric, int last) {
        return Map.of(
                "session",
                session,
                "from",
                1,
                "to",
                last,
                "metric",
                metric,
                "step",
                Math.max(1, (last - NEWEST + OLDER - 1) / OLDER),
                "thin",
                last - NEWEST);
    }

    private int last(UUID session) {
        return Sql.of(entities, "SELECT coalesce(max(number), 0) FROM round WHERE session_id = :session")
                .with("session", session)
                .only(row -> row.count(0));
    }

    /** How many seconds clients trained, by round, from a round on; only updates that counted. */
    public List<CurvePoint> trainingTimes(Actor actor, UUID session, int from) {
        sight.ofSession(actor, session);
        return points("""
                CAST(u.timings->>'runMillis' AS double precision) / 1000 AS x, u.examples AS w FROM %s
                  JOIN model_update u ON u.round_id = r.id AND u.fate = 'ACCEPTED'
                WHERE jsonb_typeof(u.timings->'runMillis') = 'number'
                """.formatted(LATEST), Map.of("session", session, "from", from, "to", LAST));
    }

    /** @param values selects {@code x}, what is distributed, and {@code w}, its weight, for rounds {@code r} */
    private List<CurvePoint> points(String values, Map<String, ?> parameters) {
        return Sql.of(entities, """
                        SELECT number, max(t) AS t, count(*), avg(x), sum(x * w) / nullif(sum(w), 0), stddev_pop(x), min(x),
                          percentile_cont(0.25) WITHIN GROUP (ORDER BY x), percentile_cont(0.5) WITHIN GROUP (ORDER BY x),
                          percentile_cont(0.75) WITHIN GROUP (ORDER BY x), max(x)
                        FROM (
                          SELECT r.number, extract(epoch FROM coalesce(r.finished_at, now()) - (
                            SELECT coalesce(started_at, created_at) FROM session WHERE id = r.session_id)) AS t, %s) p
                        GROUP BY number ORDER BY number
                        """.formatted(values))
                .with(parameters)
                .list(row -> new CurvePoint(
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
                        row.real(10)));
    }

    /** Counts and means over all rounds. */
    public SessionTotals totals(Actor actor, UUID session) {
        sight.ofSession(actor, session);
        return Sql.of(entities, """
                        SELECT (SELECT sum(s.rejected) FROM share s JOIN round r ON r.id = s.round_id
                                 WHERE r.session_id = :session AND s.kind = 'TRAIN'),
                               (SELECT avg(extract(epoch FROM finished_at - created_at)) FROM round
                                 WHERE session_id = :session AND phase = 'COMPLETED')
                        """).with("session", session).only(row -> new SessionTotals(row.whole(0), row.real(1)));
    }

    /** Participation and durations by round, from a round on. */
    public List<RoundShape> shapes(Actor actor, UUID session, int from) {
        sight.ofSession(actor, session);
        return Sql.of(entities, """
                        SELECT r.number, s.accepted, s.rejected, s.discarded, s.lost,
                          extract(epoch FROM r.training_at - r.created_at), extract(epoch FROM r.reducing_at - r.training_at),
                          extract(epoch FROM r.validating_at - r.reducing_at),
                          extract(epoch FROM r.finished_at - r.validating_at), u.download, u.run, u.upload, s.fold
                        FROM %s
                          LEFT JOIN LATERAL (
                            SELECT sum(accepted) AS accepted, sum(rejected) AS rejected, sum(discarded) AS discarded,
                              sum(lost) AS lost, avg(CAST(timings->>'foldMillis' AS double precision)) / 1000 AS fold
                            FROM share WHERE round_id = r.id AND kind = 'TRAIN') s ON true
                          LEFT JOIN LATERAL (
                            SELECT avg(CAST(timings->>'downloadMillis' AS double precision)) / 1000 AS download,
                              avg(CAST(timings->>'runMillis' AS double precision)) / 1000 AS run,
                              avg(CAST(timings->>'uploadMillis' AS double precision)) / 1000 AS upload
                            FROM model_update WHERE round_id = r.id AND fate = 'ACCEPTED') u ON true
                        ORDER BY r.number
                        """.formatted(LATEST))
                .with("session", session)
                .with("from", from)
                .with("to", LAST)
                .list(row -> new RoundShape(
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
                        row.real(12)));
    }

    /**
     * Means of a metric for several sessions, for small pictures: of some forty rounds each, the newest among them;
     * sessions without it are left out.
     */
    public Map<UUID, List<Double>> sparks(Actor actor, List<UUID> sessions, String metric) {
        sessions.forEach(session -> sight.ofSession(actor, session));
        Map<UUID, List<Double>> sparks = new LinkedHashMap<>();
        Sql.of(entities, """
                        SELECT s.id, avg(CAST(v.metrics->>:metric AS double precision))
                        FROM (SELECT CAST(value AS uuid) AS id FROM jsonb_array_elements_text(:sessions)) s
                          CROSS JOIN LATERAL (SELECT max(number) AS number FROM round WHERE session_id = s.id) last
                          JOIN round r ON r.session_id = s.id AND (last.number - r.number) % (1 + last.number / :drawn) = 0
                          JOIN validation v ON v.round_id = r.id AND jsonb_typeof(v.metrics->:metric) = 'number'
                        GROUP BY s.id, r.number ORDER BY s.id, r.number
                        """)
                .withJson("sessions", sessions)
                .with("metric", metric)
                .with("drawn", SPARK)
                .list(row -> sparks.computeIfAbsent(row.id(0), session -> new ArrayList<>())
                        .add(row.real(1)));
        return sparks;
    }

    /** Who worked when in the last attempt at a round, by their begin: combiners, the reducer and each client. */
    public List<Span> spansOfRound(Actor actor, UUID session, int round) {
        sight.ofSession(actor, session);
        return Stream.concat(spans(session, round, round).stream(), spansOfClients(session, round).stream())
                .filter(span -> span.from() != null)
                .sorted(Comparator.comparing(Span::from))
                .toList();
    }

    /** Who worked when, from a round on: combiners on their shares, the reducer on the partials. */
    public List<Span> spans(Actor actor, UUID session, int from) {
        sight.ofSession(actor, session);
        return spans(session, from, LAST);
    }

    private List<Span> spans(UUID session, int from, int to) {
        return Sql.of(entities, """
                        SELECT r.number, c.name, NULL AS client, lower(s.kind), coalesce(s.running_at, s.offered_at) AS since,
                          coalesce(s.reported_at, r.finished_at)
                        FROM %1$s JOIN share s ON s.round_id = r.id JOIN combiner c ON c.id = s.combiner_id
                        UNION ALL
                        SELECT r.number, NULL, NULL, 'reduce', r.reducing_at, coalesce(r.validating_at, r.finished_at)
                        FROM %1$s WHERE r.reducing_at IS NOT NULL
                        ORDER BY since
                        """.formatted(LATEST))
                .with("session", session)
                .with("from", from)
                .with("to", to)
                .list(row -> new Span(
                        row.count(0),
                        row.text(1),
                        row.id(2),
                        row.text(3),
                        row.instant(4),
                        row.instant(5),
                        null,
                        null,
                        null));
    }

    /** What each client did when in the last attempt at a round: its training and its validation. */
    private List<Span> spansOfClients(UUID session, int round) {
        return Sql.of(entities, """
                        SELECT r.number, c.name, c.id, lower(p.kind), p.claimed_at, p.ended_at,
                          CAST(t.timings->>'downloadMillis' AS double precision) / 1000,
                          CAST(t.timings->>'runMillis' AS double precision) / 1000,
                          CAST(t.timings->>'uploadMillis' AS double precision) / 1000
                        FROM participation p
                          JOIN (SELECT id, number FROM round WHERE session_id = :session AND number = :round
                                ORDER BY attempt DESC LIMIT 1) r ON r.id = p.round_id
                          JOIN client c ON c.id = p.client_id
                          LEFT JOIN LATERAL (
                            SELECT timings, received_at FROM model_update u
                             WHERE p.kind = 'TRAIN' AND u.round_id = p.round_id AND u.client_id = p.client_id
                            UNION ALL
                            SELECT timings, received_at FROM validation v
                             WHERE p.kind = 'VALIDATE' AND v.round_id = p.round_id AND v.client_id = p.client_id
                            ORDER BY received_at DESC LIMIT 1) t ON true
                        ORDER BY p.claimed_at, c.name, p.kind LIMIT 10000
                        """)
                .with("session", session)
                .with("round", round)
                .list(row -> new Span(
                        row.count(0),
                        row.text(1),
                        row.id(2),
                        row.text(3),
                        row.instant(4),
                        row.instant(5),
                        row.real(6),
                        row.real(7),
                        row.real(8)));
    }
}
