package io.foedus.controller.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.sessions.boundary.NewSession;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.controller.sessions.entity.SessionState;
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

class ExtendedSessionTest {
    private static final UUID ALLIANCE = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final Actor OPERATOR =
            Actor.account(UUID.randomUUID(), "ada", false, Map.of(ALLIANCE, Role.OPERATOR), "t");

    @TempDir
    Path data;

    private final TestDatabase database = TestDatabase.migrated();
    private Sessions sessions;
    private UUID session;

    @BeforeEach
    void open() throws Exception {
        String digest = "'" + "0".repeat(64) + "'";
        database.execute(
                "INSERT INTO alliance (id, name, title, created_at) VALUES ('" + ALLIANCE + "', 'a', 'A', now())");
        database.execute("INSERT INTO compute_package (id, alliance_id, name, file_name, digest, size, entry_points,"
                + " active, created_at) VALUES ('" + UUID.randomUUID() + "', '" + ALLIANCE + "', 'p', 'p.tgz', "
                + digest
                + ", 1, '{}', true, now())");
        database.execute("INSERT INTO model (id, alliance_id, digest, size, format, created_at) VALUES ('"
                + UUID.randomUUID() + "', '" + ALLIANCE + "', " + digest + ", 1, 'npz', now())");
        database.execute("INSERT INTO account (id, name, password_hash, created_at) VALUES ('" + OPERATOR.id()
                + "', 'ada', 'x', now())");
        sessions = new TestController(database, new SettableClock(), data).get(Sessions.class);
        session = sessions.create(
                        OPERATOR, ALLIANCE, new NewSession("s", null, null, Map.of("minWaitSeconds", 90), false))
                .id();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_session_that_has_not_begun_starts_with_the_rounds_it_is_given() {
        SessionView view = sessions.extend(OPERATOR, session, 3, 60.0);
        assertThat(view.state()).isEqualTo(SessionState.RUNNING);
        assertThat(view.roundsPlanned()).isEqualTo(3);
        assertThat(view.plan().deadlineSeconds()).isEqualTo(60);
        assertThat(view.plan().minWaitSeconds()).isEqualTo(60);
    }

    @Test
    void a_finished_one_goes_on_from_where_it_is() throws Exception {
        sessions.extend(OPERATOR, session, 2, null);
        database.execute(
                "UPDATE session SET state = 'FINISHED', rounds_completed = 2, finished_at = now(), reason = 'done'");
        SessionView view = sessions.extend(OPERATOR, session, 3, null);
        assertThat(view.state()).isEqualTo(SessionState.RUNNING);
        assertThat(view.roundsPlanned()).isEqualTo(5);
        assertThat(view.plan().rounds()).isEqualTo(5);
        assertThat(view.finishedAt()).isNull();
        assertThat(view.reason()).isNull();
    }

    @Test
    void a_running_or_a_stopped_one_and_no_rounds_at_all_are_refused() throws Exception {
        sessions.extend(OPERATOR, session, 2, null);
        assertRefused(1, "SESSION_STATE");
        sessions.stopNow(OPERATOR, session);
        assertRefused(1, "SESSION_STATE");
        assertRefused(0, "PLAN_INVALID");
    }

    private void assertRefused(int rounds, String code) {
        assertThatThrownBy(() -> sessions.extend(OPERATOR, session, rounds, null))
                .isInstanceOfSatisfying(
                        Refusal.class, no -> assertThat(no.code()).isEqualTo(code));
    }
}
