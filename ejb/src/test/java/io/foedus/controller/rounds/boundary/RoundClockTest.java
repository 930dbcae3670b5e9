package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.combiners.boundary.Combiners;
import io.foedus.controller.rounds.control.Agenda;
import java.nio.file.Path;
import java.time.Duration;
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
