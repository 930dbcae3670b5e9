package io.foedus.controller.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.controller.sessions.entity.NewSession;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestController;
import io.foedus.controller.testing.TestDatabase;
import jakarta.persistence.EntityManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionMovesStoryTest {
    private static final UUID ALLIANCE = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final Actor OPERATOR =
            Actor.account(UUID.randomUUID(), "ada", false, Map.of(ALLIANCE, Role.OPERATOR), "t");

    @TempDir
    Path data;

    private final TestDatabase database = TestDatabase.migrated();
    private final SettableClock clock = new SettableClock();
    private TestController controller;
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
        controller = new TestController(database, clock, data);
        sessions = controller.get(Sessions.class);
        session = sessions.create(
                        OPERATOR, ALLIANCE, new NewSession("s", null, null, null, Map.of("minWaitSeconds", 90), false))
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

    @Test
    void a_failed_one_goes_on_too_and_keeps_the_time_at_which_it_began() throws Exception {
        SessionView begun = sessions.extend(OPERATOR, session, 2, null);
        database.execute("UPDATE session SET state = 'FAILED', finished_at = now(), reason = 'nobody came'");
        clock.advance(Duration.ofMinutes(1));
        SessionView view = sessions.extend(OPERATOR, session, 3, null);
        assertThat(view.state()).isEqualTo(SessionState.RUNNING);
        assertThat(view.startedAt()).isEqualTo(begun.startedAt());
        assertThat(view.reason()).isNull();
    }

    @Test
    void a_move_that_the_state_does_not_allow_is_a_conflict_that_names_state_and_remedy_and_changes_nothing()
            throws Exception {
        assertConflict(() -> sessions.resume(OPERATOR, session), "'s' is CREATED and cannot be resumed", "Start it");
        assertConflict(() -> sessions.pause(OPERATOR, session), "'s' is CREATED and cannot be paused", "Start it");
        sessions.start(OPERATOR, session);
        sessions.pause(OPERATOR, session);
        assertConflict(() -> sessions.start(OPERATOR, session), "'s' is PAUSED and cannot be started", "Resume it");
        database.execute("UPDATE session SET state = 'FINISHED', finished_at = now()");
        assertConflict(() -> sessions.resume(OPERATOR, session), "is FINISHED and cannot be resumed", "more rounds");
        assertConflict(() -> sessions.start(OPERATOR, session), "is FINISHED and cannot be started", "more rounds");
        assertConflict(() -> sessions.stopNow(OPERATOR, session), "is FINISHED and cannot be stopped", "more rounds");
    }

    @Test
    void the_same_request_again_is_no_error_and_no_event() throws Exception {
        SessionView begun = sessions.start(OPERATOR, session);
        clock.advance(Duration.ofMinutes(1));
        assertThat(sessions.start(OPERATOR, session)).isEqualTo(begun);
        assertThat(sessions.resume(OPERATOR, session)).isEqualTo(begun);
        SessionView stopped = sessions.stopNow(OPERATOR, session);
        clock.advance(Duration.ofMinutes(1));
        assertThat(sessions.stopNow(OPERATOR, session)).isEqualTo(stopped);
        assertThat(eventKinds()).containsExactly("session.created", "session.started", "session.stopped");
    }

    @SuppressWarnings("unchecked")
    private List<String> eventKinds() {
        return controller.transaction(() -> controller
                .get(EntityManager.class)
                .createNativeQuery("SELECT kind FROM event ORDER BY id")
                .getResultList());
    }

    private void assertConflict(ThrowingCallable move, String detail, String remedy) {
        SessionView before = sessions.get(OPERATOR, session);
        assertThatThrownBy(move).isInstanceOfSatisfying(Refusal.class, no -> {
            assertThat(no.kind()).isEqualTo(Refusal.Kind.CONFLICT);
            assertThat(no.detail()).contains(detail);
            assertThat(no.remedy()).contains(remedy);
        });
        assertThat(sessions.get(OPERATOR, session)).isEqualTo(before);
    }

    private void assertRefused(int rounds, String code) {
        assertThatThrownBy(() -> sessions.extend(OPERATOR, session, rounds, null))
                .isInstanceOfSatisfying(
                        Refusal.class, no -> assertThat(no.code()).isEqualTo(code));
    }
}
