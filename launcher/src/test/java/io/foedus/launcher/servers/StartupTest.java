package io.foedus.launcher.servers;

import static io.foedus.launcher.servers.Startup.Phase.ANSWERING;
import static io.foedus.launcher.servers.Startup.Phase.LISTENING;
import static io.foedus.launcher.servers.Startup.Phase.READY;
import static io.foedus.launcher.servers.Startup.Phase.SILENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StartupTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private Duration now = Duration.ZERO;
    private final Startup startup = new Startup(PATIENCE);

    @Test
    void a_start_that_comes_on_may_take_any_time() {
        for (int line = 1; line <= 100; line++) {
            passes(PATIENCE);
            startup.sees(line < 50 ? SILENT : LISTENING, 80L * line, now);
            assertThat(startup.standsStill(now)).isFalse();
        }
        passes(PATIENCE);
        startup.sees(READY, 8_000, now);
        assertThat(startup.isReady()).isTrue();
        passes(PATIENCE.multipliedBy(2));
        assertThat(startup.standsStill(now)).isFalse();
    }

    @Test
    void a_start_that_shows_nothing_new_stands_still() {
        startup.sees(SILENT, 80, now);
        passes(PATIENCE);
        startup.sees(SILENT, 80, now);
        assertThat(startup.standsStill(now)).isFalse();
        passes(Duration.ofSeconds(1));
        assertThat(startup.standsStill(now)).isTrue();
    }

    @Test
    void a_program_that_answers_and_only_logs_stands_still() {
        startup.sees(ANSWERING, 80, now);
        for (int line = 2; line < 124; line++) {
            passes(Duration.ofSeconds(1));
            startup.sees(ANSWERING, 80L * line, now);
        }
        assertThat(startup.standsStill(now)).isTrue();
    }

    @Test
    void an_answer_that_stays_away_for_once_is_no_step_when_it_comes_again() {
        startup.sees(ANSWERING, 80, now);
        passes(PATIENCE);
        startup.sees(SILENT, 80, now);
        passes(Duration.ofSeconds(1));
        startup.sees(ANSWERING, 80, now);
        assertThat(startup.standsStill(now)).isTrue();
    }

    private void passes(Duration time) {
        now = now.plus(time);
    }
}
