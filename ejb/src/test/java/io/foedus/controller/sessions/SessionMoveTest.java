package io.foedus.controller.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.sessions.entity.Session;
import io.foedus.controller.sessions.entity.SessionMove;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.plan.Plan;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every move in every state, tried on a session itself. */
class SessionMoveTest {
    private static final Instant MADE = Instant.parse("2026-11-24T10:00:00Z");
    private static final Instant BEGAN = MADE.plusSeconds(60);
    private static final Instant ENDED = MADE.plusSeconds(120);
    private static final Instant NOW = MADE.plusSeconds(180);
    private static final Plan PLAN = Plan.read(Map.of("rounds", 2));

    /** A row per move, a column per state: where it leads, "same" if it was made already, "-" if it is refused. */
    private static final String TABLE = """
            move             CREATED   RUNNING   PAUSED    FINISHED FAILED  CANCELLED
            START            RUNNING   same      -         -        -       -
            EXTEND           RUNNING   -         -         RUNNING  RUNNING -
            PAUSE            -         PAUSED    same      -        -       -
            RESUME           -         same      RUNNING   -        -       -
            STOP_AFTER_ROUND CANCELLED RUNNING   RUNNING   -        -       -
            STOP_NOW         CANCELLED CANCELLED CANCELLED -        -       same
            FINISH           -         FINISHED  FINISHED  -        -       -
            FAIL             -         FAILED    FAILED    -        -       -
            """;

    static Stream<Arguments> cells() {
        List<List<String>> rows =
                TABLE.lines().map(row -> List.of(row.split(" +"))).toList();
        assertThat(rows.get(0).subList(1, 7))
                .isEqualTo(Arrays.stream(SessionState.values()).map(Enum::name).toList());
        assertThat(rows.stream().skip(1).map(row -> row.get(0)))
                .containsExactly(
                        Arrays.stream(SessionMove.values()).map(Enum::name).toArray(String[]::new));
        return rows.stream()
                .skip(1)
                .flatMap(row -> Arrays.stream(SessionState.values())
                        .map(state ->
                                Arguments.of(SessionMove.valueOf(row.get(0)), state, row.get(1 + state.ordinal()))));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void a_move_leads_where_the_table_says_or_is_refused_and_changes_nothing(
            SessionMove move, SessionState state, String outcome) {
        Session session = in(state);
        Instant startedAt = session.startedAt();
        Instant finishedAt = session.finishedAt();

        assertThat(move.madeIn(state)).isEqualTo(outcome.equals("same"));
        if (outcome.equals("same") || outcome.equals("-")) {
            assertThat(move.allowedIn(state)).isFalse();
            assertThatThrownBy(() -> make(move).accept(session))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is " + state + " and cannot be ");
            assertThat(session.state()).isEqualTo(state);
            assertThat(session.finishedAt()).isEqualTo(finishedAt);
        } else {
            make(move).accept(session);
            assertThat(session.state()).isEqualTo(SessionState.valueOf(outcome));
            assertThat(session.finishedAt() != null).isEqualTo(session.state().over());
            assertThat(session.startedAt() != null)
                    .isEqualTo(state != SessionState.CREATED || !session.state().over());
        }
        if (startedAt != null) {
            assertThat(session.startedAt()).isEqualTo(startedAt);
        }
        assertThat(state.remedy()).isNotBlank();
    }

    private static Consumer<Session> make(SessionMove move) {
        return session -> {
            switch (move) {
                case START -> session.start(NOW);
                case EXTEND -> session.extend(3, PLAN, NOW);
                case PAUSE -> session.pause();
                case RESUME -> session.resume(NOW);
                case STOP_AFTER_ROUND -> session.stopAfterRound("why", NOW);
                case STOP_NOW -> session.cancel("why", NOW);
                case FINISH -> session.finish("why", NOW);
                case FAIL -> session.fail("why", 1, NOW);
            }
        };
    }

    private static Session in(SessionState state) {
        Session session = new Session(
                UUID.randomUUID(),
                "s",
                new Session.Material(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID()),
                PLAN,
                null,
                MADE);
        if (state != SessionState.CREATED) {
            session.start(BEGAN);
        }
        switch (state) {
            case CREATED, RUNNING -> {}
            case PAUSED -> session.pause();
            case FINISHED -> session.finish("why", ENDED);
            case FAILED -> session.fail("why", 1, ENDED);
            case CANCELLED -> session.cancel("why", ENDED);
        }
        return session;
    }
}
