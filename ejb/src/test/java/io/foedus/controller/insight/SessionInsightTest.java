package io.foedus.controller.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.insight.boundary.SessionInsight;
import io.foedus.controller.insight.entity.ClientPoint;
import io.foedus.controller.insight.entity.CurvePoint;
import io.foedus.controller.insight.entity.MetricName;
import io.foedus.controller.insight.entity.Span;
import io.foedus.controller.listing.Query;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.rounds.boundary.RoundView;
import io.foedus.controller.rounds.boundary.Rounds;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestController;
import io.foedus.controller.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of many rounds and clients, as rows say; what pages show of them. */
class SessionInsightTest {
    private static final UUID ALLIANCE = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final UUID FIRST = UUID.fromString("00000000-0000-7000-8000-000000000011");
    private static final UUID SECOND = UUID.fromString("00000000-0000-7000-8000-000000000012");
    private static final Actor VIEWER =
            Actor.account(UUID.randomUUID(), "vera", false, Map.of(ALLIANCE, Role.VIEWER), "t");

    private static final String ROWS = """
            INSERT INTO alliance (id, name, title, created_at) VALUES ('%1$s', 'a', 'A', now());
            INSERT INTO compute_package (id, alliance_id, name, file_name, digest, size, entry_points, created_at)
              VALUES ('%1$s', '%1$s', 'p', 'p.tgz', repeat('0', 64), 1, '{}', now());
            INSERT INTO combiner (id, name, host, port, capacity, created_at, last_seen_at)
              VALUES ('%1$s', 'north', 'localhost', 1, 100, now(), now());
            INSERT INTO model (id, alliance_id, digest, size, format, created_at)
              VALUES ('%1$s', '%1$s', repeat('0', 64), 1, 'npz', now());
            INSERT INTO client (id, alliance_id, name, created_at)
              SELECT uuid(lpad(text(n), 32, 'c')), '%1$s', 'site-' || lpad(text(n), 2, '0'), now() FROM generate_series(1, 14) n;
            INSERT INTO session (id, alliance_id, name, state, package_id, seed_model_id, model_id, plan, rounds_planned, created_at)
              VALUES ('%2$s', '%1$s', 'first', 'FINISHED', '%1$s', '%1$s', '%1$s', '{"aggregator": "mean", "settings": {}}', 200, now());
            INSERT INTO round (id, session_id, number, phase, base_model_id, selection_seed, created_at, finished_at)
              SELECT uuid(lpad(text(n), 32, 'a')), '%2$s', n, 'COMPLETED', '%1$s', 1, now(), now() + make_interval(secs => n)
                FROM generate_series(1, 200) n;
            INSERT INTO share (id, round_id, combiner_id, kind, phase, epoch, target, expected, accepted, rejected, offered_at)
              SELECT uuid(lpad(text(n), 32, 'b')), uuid(lpad(text(n), 32, 'a')), '%1$s', 'TRAIN', 'REPORTED', 1, 2, 2, 1, 1, now()
                FROM generate_series(1, 200) n;
            INSERT INTO model (id, alliance_id, session_id, round_id, digest, size, format, created_at)
              SELECT uuid(lpad(text(n), 32, 'd')), '%1$s', '%2$s', uuid(lpad(text(n), 32, 'a')), repeat('1', 64), 1, 'npz', now()
                FROM generate_series(1, 200) n;
            INSERT INTO validation (id, alliance_id, model_id, client_id, session_id, round_id, metrics, received_at)
              SELECT gen_random_uuid(), '%1$s', uuid(lpad(text(n), 32, 'd')), uuid(lpad(text(k), 32, 'c')), '%2$s',
                     uuid(lpad(text(n), 32, 'a')), jsonb_build_object('accuracy', 0.5, 'local', k, 'what', 'text'), now()
                FROM generate_series(190, 200) n, generate_series(1, 14) k;
            INSERT INTO session (id, alliance_id, name, state, package_id, seed_model_id, model_id, plan, rounds_planned, created_at)
              VALUES ('%3$s', '%1$s', 'second', 'RUNNING', '%1$s', uuid(lpad(text(120), 32, 'd')), '%1$s', '{"aggregator": "mean", "settings": {}}', 5, now());
            INSERT INTO round (id, session_id, number, phase, base_model_id, selection_seed, created_at)
              VALUES ('%3$s', '%3$s', 1, 'TRAINING', '%1$s', 1, now());
            INSERT INTO share (id, round_id, combiner_id, kind, phase, epoch, target, expected, accepted, offered_at)
              VALUES ('%3$s', '%3$s', '%1$s', 'TRAIN', 'RUNNING', 1, 4, 2, 2, now());
            """.formatted(ALLIANCE, FIRST, SECOND);

    @TempDir
    Path data;

    private final TestDatabase database = TestDatabase.migrated();
    private TestController controller;
    private SessionInsight insight;

    @BeforeEach
    void open() {
        database.execute(ROWS);
        controller = new TestController(database, new SettableClock(), data);
        insight = controller.get(SessionInsight.class);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void totals_are_of_all_rounds_however_many() {
        assertThat(insight.totals(VIEWER, FIRST).rejected()).isEqualTo(200);
        assertThat(insight.totals(VIEWER, FIRST).roundSeconds()).isEqualTo(100.5);
        assertThat(insight.totals(VIEWER, SECOND).roundSeconds()).isNull();
    }

    @Test
    void an_open_share_expects_all_that_it_will_ask_and_a_reported_one_those_it_asked() {
        Sessions sessions = controller.get(Sessions.class);
        assertThat(sessions.get(VIEWER, SECOND).accepted()).isEqualTo(2);
        assertThat(sessions.get(VIEWER, SECOND).expected()).isEqualTo(4);
        assertThat(round(SECOND, 1).expecting()).isEqualTo(4);
        database.execute("UPDATE share SET phase = 'REPORTED', target = 9 WHERE id = '" + SECOND + "'");
        assertThat(sessions.get(VIEWER, SECOND).expected()).isEqualTo(2);
        assertThat(round(SECOND, 1).expecting()).isEqualTo(2);
    }

    private RoundView round(UUID session, int number) {
        return controller.get(Rounds.class).get(VIEWER, session, number);
    }

    @Test
    void rounds_in_pages_know_the_metric_that_was_asked_for_and_sort_by_it() {
        Rounds rounds = controller.get(Rounds.class);
        database.execute("""
                UPDATE round SET model_id = uuid(lpad(text(number), 32, 'd')) WHERE session_id = '%s';
                UPDATE validation SET metrics = '{"local": 99}' WHERE round_id = uuid(lpad('195', 32, 'a'));
                """.formatted(FIRST));
        RoundView best = rounds.list(VIEWER, FIRST, "local", Query.first(5).sortedBy("mean", true))
                .items()
                .get(0);
        assertThat(best.number()).isEqualTo(195);
        assertThat(best.metric("local").mean()).isEqualTo(99);
        RoundView newest =
                rounds.list(VIEWER, FIRST, "local", Query.first(5)).items().get(0);
        assertThat(newest.metrics()).containsOnlyKeys("local");
        assertThat(newest.metric("local").std()).isPositive();
        assertThat(rounds.list(VIEWER, FIRST, Query.first(5)).items().get(0).metrics())
                .containsOnlyKeys("accuracy", "local");
        assertThat(rounds.list(VIEWER, FIRST, Query.first(5)).total()).isEqualTo(200);
    }

    @Test
    void a_curve_has_the_lowest_the_mean_and_the_highest_over_clients_by_round() {
        CurvePoint point = insight.curve(VIEWER, FIRST, "local").get(0);
        assertThat(point.round()).isEqualTo(190);
        assertThat(point.count()).isEqualTo(14);
        assertThat(point.min()).isEqualTo(1);
        assertThat(point.mean()).isEqualTo(7.5);
        assertThat(point.max()).isEqualTo(14);
    }

    @Test
    void small_pictures_end_with_the_newest_round_and_leave_out_sessions_without_the_metric() {
        Map<UUID, List<Double>> sparks = insight.sparks(VIEWER, List.of(FIRST, SECOND), "accuracy");
        assertThat(sparks).containsOnlyKeys(FIRST);
        assertThat(sparks.get(FIRST)).containsOnly(0.5);
    }

    @Test
    void spans_say_what_each_client_did_when_in_a_round() {
        String north = "uuid(lpad('1', 32, 'c'))";
        database.execute("""
                INSERT INTO participation (id, round_id, client_id, kind, combiner_id, epoch, state, claimed_at, ended_at)
                  VALUES (gen_random_uuid(), '%1$s', %3$s, 'TRAIN', '%2$s', 1, 'REPORTED', '2030-01-01T10:00:00Z', '2030-01-01T10:00:09Z'),
                         (gen_random_uuid(), '%1$s', uuid(lpad('2', 32, 'c')), 'TRAIN', '%2$s', 1, 'CLAIMED', '2030-01-01T10:00:01Z', NULL);
                INSERT INTO model_update (id, round_id, client_id, combiner_id, digest, size, examples, fate, timings, received_at)
                  VALUES (gen_random_uuid(), '%1$s', %3$s, '%2$s', repeat('2', 64), 1, 10, 'ACCEPTED',
                          '{"downloadMillis": 500, "runMillis": 8000}', '2030-01-01T10:00:09Z');
                """.formatted(SECOND, ALLIANCE, north));
        List<Span> all = insight.spansOfRound(VIEWER, SECOND, 1);
        assertThat(all).extracting(Span::who).containsExactly("north", "site-01", "site-02");
        List<Span> spans = all.stream().filter(span -> span.client() != null).toList();
        assertThat(spans.get(0)).satisfies(span -> {
            assertThat(span.what()).isEqualTo("train");
            assertThat(span.from()).isEqualTo("2030-01-01T10:00:00Z");
            assertThat(span.until()).isEqualTo("2030-01-01T10:00:09Z");
            assertThat(span.downloadSeconds()).isEqualTo(0.5);
            assertThat(span.runSeconds()).isEqualTo(8);
            assertThat(span.uploadSeconds()).isNull();
        });
        assertThat(spans.get(1).until()).isNull();
        assertThat(insight.spansOfRound(VIEWER, SECOND, 2)).isEmpty();
    }

    @Test
    void a_stranger_sees_neither_curves_nor_spans() {
        Actor stranger = Actor.account(UUID.randomUUID(), "eve", false, Map.of(), "t");
        assertThatThrownBy(() -> insight.curve(stranger, FIRST, "local"))
                .isInstanceOfSatisfying(
                        Refusal.class, no -> assertThat(no.kind()).isEqualTo(Refusal.Kind.UNKNOWN));
        assertThatThrownBy(() -> insight.spansOfRound(stranger, FIRST, 1)).isInstanceOf(Refusal.class);
    }

    @Test
    void a_session_that_goes_on_knows_how_many_rounds_its_seed_has_behind_it() {
        assertThat(insight.roundsBefore(VIEWER, FIRST)).isZero();
        assertThat(insight.roundsBefore(VIEWER, SECOND)).isEqualTo(120);
    }

    @Test
    void a_metric_that_all_clients_report_alike_has_no_spread() {
        assertThat(insight.metrics(VIEWER, FIRST))
                .containsExactly(new MetricName("accuracy", false), new MetricName("local", true));
    }

    @Test
    void of_many_clients_the_outermost_ten_have_a_line() {
        assertThat(insight.byClient(VIEWER, FIRST, "local"))
                .allMatch(point -> point.clients() == 14)
                .extracting(ClientPoint::client)
                .contains("site-01", "site-05", "site-10", "site-14")
                .doesNotContain("site-06", "site-09");
        assertThat(insight.byClient(VIEWER, FIRST, "local"))
                .filteredOn(point -> point.client().equals("site-14"))
                .extracting(ClientPoint::value)
                .containsOnly(14.0)
                .hasSize(11);
    }
}
