package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.fedn.boundary.FednSessions;
import io.foedus.controller.models.entity.Model;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.entity.NewSession;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundPhase;
import jakarta.persistence.EntityManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that FEDn's API starts. */
class FednSessionStoryTest {
    @TempDir
    Path data;

    private TestFederation federation;

    @BeforeEach
    void open() {
        federation = new TestFederation(data);
    }

    @AfterEach
    void close() {
        federation.close();
    }

    @Test
    void it_starts_only_when_the_clients_that_it_needs_are_there() {
        UUID session = created(Map.of("minClients", 2));
        federation.combiner("north", 1);
        assertRefused(session, "TOO_FEW_CLIENTS", "lower than the required minimum of 2");
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.CREATED);
        federation.combiner("south", 1);
        assertThat(start(session, null).state()).isEqualTo(SessionState.RUNNING);
    }

    @Test
    void it_starts_only_when_no_other_one_runs_or_pauses() {
        federation.combiner("north", 1);
        UUID running = federation.session(Map.of());
        UUID session = created(Map.of());
        assertRefused(session, "SESSION_RUNNING", "A session is already running!");
        federation.sessions().pause(federation.operator, running);
        assertRefused(session, "SESSION_RUNNING", "A session is already running!");
        federation.sessions().stopNow(federation.operator, running);
        start(session, null);
        assertRefused(session, "SESSION_RUNNING", "A session is already running!");
    }

    @Test
    void one_whose_clients_have_left_fails_after_the_time_of_a_round_and_the_round_says_why() {
        TestCombiner north = federation.combiner("north", 1);
        UUID session = created(Map.of("deadlineSeconds", 30, "validateEvery", 0));
        start(session, null);
        federation.look(session);
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.database.execute("UPDATE client SET state = 'DETACHED'");
        federation.look(session);
        federation.clock.advance(Duration.ofSeconds(29));
        federation.look(session);
        assertThat(federation.sessionOf(session).waiting()).isEqualTo("0 of 1 needed clients are attached");
        federation.clock.advance(Duration.ofSeconds(2));
        federation.look(session);
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FAILED);
        assertThat(federation.round(session, 2).phase()).isEqualTo(RoundPhase.FAILED);
        assertThat(federation.round(session, 2).reason()).isEqualTo("0 of 1 needed clients are attached");

        federation.database.execute("UPDATE client SET state = 'ATTACHED'");
        north.beat();
        north.attach();
        start(session, null);
        federation.look(session);
        assertThat(federation.round(session, 2).attempt()).isEqualTo(2);
        assertThat(federation.round(session, 2).phase()).isEqualTo(RoundPhase.TRAINING);
    }

    @Test
    void a_session_of_the_native_api_waits_for_clients_as_long_as_it_takes() {
        UUID session = federation.session(Map.of("deadlineSeconds", 30));
        federation.clock.advance(Duration.ofDays(1));
        federation.look(session);
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.RUNNING);
    }

    @Test
    void its_models_have_the_names_that_were_asked_for() {
        TestCombiner north = federation.combiner("north", 1);
        UUID session = created(Map.of("validateEvery", 0));
        start(session, "digits");
        federation.look(session);
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.look(session);
        UUID model = federation.round(session, 1).model();
        assertThat(federation
                        .controller()
                        .transaction(() -> federation
                                .controller()
                                .get(EntityManager.class)
                                .find(Model.class, model)
                                .name()))
                .isEqualTo("digits_1");
    }

    private UUID created(Map<String, Object> plan) {
        return federation
                .sessions()
                .create(federation.operator, federation.alliance, new NewSession(null, null, null, null, plan, false))
                .id();
    }

    private SessionView start(UUID session, String prefix) {
        return federation
                .controller()
                .get(FednSessions.class)
                .start(federation.operator, session, new FednSessions.Start(2, null, prefix));
    }

    private void assertRefused(UUID session, String code, String detail) {
        assertThatThrownBy(() -> start(session, null)).isInstanceOfSatisfying(Refusal.class, no -> {
            assertThat(no.code()).isEqualTo(code);
            assertThat(no.detail()).contains(detail);
        });
    }
}
