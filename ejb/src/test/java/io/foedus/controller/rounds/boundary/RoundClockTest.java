package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.combiners.boundary.Combiners;
import io.foedus.controller.rounds.control.Agenda;
import io.foedus.controller.rounds.control.AlarmWatch;
import io.foedus.controller.rounds.control.Steadiness;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundPhase;
import jakarta.ejb.Timer;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The leases of combiners are fifteen seconds here. */
class RoundClockTest {
    private static final int LEASE = 15;

    @TempDir
    Path data;

    private TestFederation federation;
    private TestCombiner north;
    private RoundClock ticking;
    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void begin() {
        federation = new TestFederation(data);
        north = federation.combiner("north", 1);
        ticking = federation.controller().get(RoundClock.class);
        ticking.begin(new Agenda(Runnable::run));
    }

    @AfterEach
    void close() {
        federation.close();
    }

    @Test
    void a_combiner_that_is_silent_for_a_lease_is_lost() {
        north.beat();
        pass(LEASE - 1);
        assertThat(isLost()).isFalse();
        pass(1);
        assertThat(isLost()).isTrue();
    }

    @Test
    void a_controller_that_was_away_does_not_blame_combiners_for_what_it_did_not_hear() {
        north.beat();
        pass(LEASE - 1);
        federation.clock.advance(Duration.ofMinutes(1));
        ticking.tick();
        assertThat(isLost()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {2, -2})
    void a_controller_whose_clock_was_set_holds_combiners_to_their_leases_a_lease_later(long hours) {
        north.beat();
        pass(LEASE - 1);
        federation.clock.advance(Duration.ofHours(hours));
        ticking.tick();
        assertThat(isLost()).isFalse();

        north.beat();
        pass(LEASE - 1);
        assertThat(isLost()).isFalse();
        pass(1);
        assertThat(isLost()).isTrue();
    }

    @Test
    void a_timer_drives_the_ticks_and_each_arms_the_next() {
        List<Serializable> armed = armedTimers();
        UUID session = sessionThatIsDue();
        ring(armed.get(0));
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.COMPLETED);
        assertThat(armed).hasSize(2);
    }

    @Test
    void a_timer_that_sleeps_because_the_clock_was_set_back_is_replaced_and_changes_nothing_when_it_wakes_up() {
        List<Serializable> armed = armedTimers();
        federation.clock.advance(Duration.ofHours(-2));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));
        ticking.watch();
        assertThat(armed).as("it may yet ring").hasSize(1);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        ticking.watch();
        assertThat(armed).hasSize(2);
        ring(armed.get(1));
        assertThat(armed).hasSize(3);
        ring(armed.get(0));
        assertThat(armed).as("there is still one row of ticks").hasSize(3);
        ticking.watch();
        assertThat(armed).hasSize(3);
    }

    @Test
    void a_tick_that_fails_with_whatever_is_followed_by_the_next() {
        federation.controller().with(RoundEngine.class, new RoundEngine() {
            @Override
            public List<UUID> due() {
                throw new OutOfMemoryError("planned");
            }
        });
        federation.controller().forget(RoundClock.class);
        List<Serializable> armed = armedTimers();
        federation.clock.advance(Duration.ofSeconds(LEASE + 1));
        ring(armed.get(0));
        assertThat(armed).hasSize(2);
        assertThat(federation.controller().get(Steadiness.class).forALease()).isFalse();
    }

    /** The numbers of the timers that are armed from now on, one second each by a clock that the test turns. */
    private List<Serializable> armedTimers() {
        List<Serializable> armed = new ArrayList<>();
        federation.controller().with(TimerService.class, double_(TimerService.class, arguments -> {
            armed.add(((TimerConfig) arguments[1]).getInfo());
            return null;
        }));
        federation.controller().forget(RoundClock.class);
        ticking = federation.controller().get(RoundClock.class);
        armed.clear();
        ticking.begin(new Agenda(Runnable::run), new AlarmWatch(Duration.ofSeconds(1), nanos::get));
        return armed;
    }

    private void ring(Serializable number) {
        ticking.onTimer(double_(Timer.class, arguments -> number));
    }

    private static <T> T double_(Class<T> type, Function<Object[], Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                RoundClockTest.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.apply(arguments)));
    }

    private UUID sessionThatIsDue() {
        UUID session = federation.session(Map.of("rounds", 1, "validateEvery", 0));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.pass(6, north);
        return session;
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            federation.clock.advance(Duration.ofSeconds(1));
            ticking.tick();
        }
    }

    private boolean isLost() {
        return federation
                        .controller()
                        .get(Combiners.class)
                        .get(federation.operator, north.id())
                        .epoch()
                != north.epoch();
    }
}
