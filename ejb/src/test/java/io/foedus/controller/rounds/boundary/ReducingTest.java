package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.rounds.control.HeldClaim;
import io.foedus.controller.rounds.control.Reduced;
import io.foedus.controller.rounds.control.Reducer;
import io.foedus.controller.rounds.control.Reduction;
import io.foedus.controller.testing.TestController;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundPhase;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a round whose merge takes long, goes wrong or is somebody else's. A claim lives fifteen seconds. */
class ReducingTest {
    @TempDir
    Path data;

    private TestFederation federation;
    private TestController mine;
    private TestController other;
    private UUID session;
    private Runnable beat = () -> {};
    private int runs;

    @BeforeEach
    void open() {
        federation = new TestFederation(data);
        mine = federation.controller("mine");
        other = federation.controller("other");
        TestCombiner north = federation.combiner("north", 2);
        session = federation.session(Map.of("rounds", 1, "validateEvery", 0, "retries", 0));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        mine.with(ManagedScheduledExecutorService.class, (ManagedScheduledExecutorService) Proxy.newProxyInstance(
                ReducingTest.class.getClassLoader(),
                new Class<?>[] {ManagedScheduledExecutorService.class},
                (self, method, arguments) -> {
                    beat = (Runnable) arguments[0];
                    return null;
                }));
    }

    @AfterEach
    void close() {
        federation.close();
    }

    /** How a merge goes. */
    interface Merge {
        Reduced of(Reducer real, Reduction reduction, Runnable progress) throws IOException;
    }

    private Reducing reducing(Merge merge) {
        Reducer real = other.get(Reducer.class);
        mine.with(Reducer.class, new Reducer() {
            @Override
            public Reduced run(Reduction reduction, Runnable progress) throws IOException {
                runs++;
                return merge.of(real, reduction, progress);
            }
        });
        return mine.get(Reducing.class);
    }

    private RoundView round() {
        return federation.round(session, 1);
    }

    @Test
    void a_claim_lives_as_long_as_its_reducer_however_long_that_is_busy_with_one_thing() {
        RoundEngine others = other.get(RoundEngine.class);
        reducing((real, reduction, progress) -> {
                    for (int i = 0; i < 20; i++) {
                        federation.clock.advance(Duration.ofSeconds(5));
                        beat.run();
                        assertThat(others.advance(session)).isEmpty();
                    }
                    return real.run(reduction, progress);
                })
                .look(session);
        assertThat(round().phase()).isEqualTo(RoundPhase.COMPLETED);
    }

    @Test
    void a_reducer_whose_claim_was_taken_stops_at_its_next_step_and_leaves_the_round_alone() {
        RoundEngine others = other.get(RoundEngine.class);
        reducing((real, reduction, progress) -> {
                    federation.clock.advance(Duration.ofSeconds(16));
                    assertThat(others.advance(session)).isPresent();
                    beat.run();
                    assertThatThrownBy(progress::run).isInstanceOf(HeldClaim.LostException.class);
                    return real.run(reduction, progress);
                })
                .look(session);
        assertThat(round().phase()).isEqualTo(RoundPhase.REDUCING);
        assertThat(round().reason()).isNull();
        assertThat(claimedBy()).isEqualTo("other");
    }

    private Object claimedBy() {
        return mine.transaction(() -> mine.get(EntityManager.class)
                .createNativeQuery("SELECT claimed_by FROM round WHERE session_id = ?1")
                .setParameter(1, session)
                .getSingleResult());
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class})
    void a_merge_that_goes_wrong_for_no_foreseen_reason_is_tried_five_times_and_fails_its_round_by_name(
            Class<? extends Throwable> trouble) {
        Reducing reducing = reducing((real, reduction, progress) -> {
            if (trouble == OutOfMemoryError.class) {
                throw new OutOfMemoryError("planned");
            }
            throw new IllegalStateException("planned");
        });
        reducing.look(session);
        assertThat(round().phase()).isEqualTo(RoundPhase.REDUCING);
        assertThat(round().reason()).isEqualTo(trouble.getName() + ": planned");
        for (int i = 0; i < 30; i++) {
            federation.clock.advance(Duration.ofSeconds(15));
            reducing.look(session);
        }
        assertThat(runs).isEqualTo(5);
        assertThat(round().phase()).isEqualTo(RoundPhase.FAILED);
        assertThat(round().reason()).isEqualTo("merging went wrong 5 times: " + trouble.getName() + ": planned");
    }

    @Test
    void trouble_of_this_machine_is_told_and_waited_out() {
        Reducing reducing = reducing((real, reduction, progress) -> {
            if (runs < 9) {
                throw new IOException("No space left on device");
            }
            return real.run(reduction, progress);
        });
        for (int i = 0; i < 8; i++) {
            reducing.look(session);
            assertThat(round().phase()).isEqualTo(RoundPhase.REDUCING);
            assertThat(round().reason()).isEqualTo("No space left on device");
            federation.clock.advance(Duration.ofSeconds(3));
        }
        reducing.look(session);
        assertThat(round().phase()).isEqualTo(RoundPhase.COMPLETED);
        assertThat(round().reason()).isNull();
    }
}
