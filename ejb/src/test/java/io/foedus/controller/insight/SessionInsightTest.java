package io.foedus.controller.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.insight.boundary.SessionInsight;
import io.foedus.controller.insight.entity.ClientPoint;
import io.foedus.controller.insight.entity.MetricName;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestController;
import io.foedus.controller.testing.TestDatabase;
import java.nio.file.Path;
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
              VALUES ('%2$s', '%1$s', 'first', 'FINISHED', '%1$s', '%1$s', '%1$s', '{}', 200, now());
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
              VALUES ('%3$s', '%1$s', 'second', 'RUNNING', '%1$s', uuid(lpad(text(120), 32, 'd')), '%1$s', '{}', 5, now());
            INSERT INTO round (id, session_id, number, phase, base_model_id, selection_seed, created_at)
              VALUES ('%3$s', '%3$s', 1, 'TRAINING', '%1$s', 1, now());
            INSERT INTO share (id, round_id, combiner_id, kind, phase, epoch, target, expected, accepted, offered_at)
              VALUES ('%3$s', '%3$s', '%1$s', 'TRAIN', 'RUNNING', 1, 4, 2, 2, now());
            """.formatted(ALLIANCE, FIRST, SECOND);

    @TempDir
    Path data;

    private final TestDatabase database = TestDatabase.migrated();
    private SessionInsight insight;

    @BeforeEach
    void open() {
        database.execute(ROWS);
        insight = new TestController(database, new SettableClock(), data).get(SessionInsight.class);
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
        assertThat(insight.head(VIEWER, SECOND).accepted()).isEqualTo(2);
        assertThat(insight.head(VIEWER, SECOND).expected()).isEqualTo(4);
        database.execute("UPDATE share SET phase = 'REPORTED', target = 9 WHERE id = '" + SECOND + "'");
        assertThat(insight.head(VIEWER, SECOND).expected()).isEqualTo(2);
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
