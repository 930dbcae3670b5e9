package io.foedus.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private final Pace pace = new Pace(Duration.ofSeconds(5), 1000, Duration.ofSeconds(30));

    @Test
    void a_sender_of_a_byte_a_second_does_not_keep_up_beyond_a_window() {
        Pace.Meter meter = pace.new Meter();

        for (int second = 1; second < 5; second++) {
            assertThat(meter.keepsUp(1, SECOND)).isTrue();
        }
        assertThat(meter.keepsUp(1, SECOND)).isFalse();
        assertThat(meter).hasToString("5 bytes in 5 s");
    }

    @Test
    void what_came_fast_before_is_no_credit_for_later_windows() {
        Pace.Meter meter = pace.new Meter();

        assertThat(meter.keepsUp(1_000_000, Duration.ofSeconds(5))).isTrue();
        assertThat(meter.keepsUp(10, Duration.ofSeconds(5))).isFalse();
    }

    @Test
    void a_sender_at_the_least_rate_is_cut_only_when_the_whole_takes_too_long() {
        Pace.Meter meter = pace.new Meter();
        Pace.Meter file = pace.ofAnyLength().new Meter();

        for (int window = 1; window <= 6; window++) {
            assertThat(meter.keepsUp(5000, Duration.ofSeconds(5))).isTrue();
        }
        assertThat(meter.keepsUp(5000, Duration.ofSeconds(5))).isFalse();
        for (int window = 1; window <= 1000; window++) {
            assertThat(file.keepsUp(5000, Duration.ofSeconds(5))).isTrue();
        }
    }
}
