package io.foedus.combiner.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.combiner.local.HastenedClock;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    private final HastenedClock clock = new HastenedClock();
    private final Allowance allowance = new Allowance(3, Duration.ofMinutes(1), clock);

    @Test
    void so_much_at_once_then_one_more_each_period() {
        assertThat(IntStream.range(0, 5).filter(i -> allowance.take("ada")).count())
                .isEqualTo(3);

        clock.advance(Duration.ofMinutes(1));

        assertThat(allowance.take("ada")).isTrue();
        assertThat(allowance.take("ada")).isFalse();
    }

    @Test
    void a_long_rest_brings_back_all_and_no_more() {
        IntStream.range(0, 3).forEach(i -> allowance.spend("ada"));

        clock.advance(Duration.ofHours(1));

        assertThat(IntStream.range(0, 5).filter(i -> allowance.take("ada")).count())
                .isEqualTo(3);
    }

    @Test
    void what_is_spent_in_vain_delays_nobody_for_ever() {
        IntStream.range(0, 1_000).forEach(i -> allowance.spend("ada"));

        clock.advance(Duration.ofMinutes(1));

        assertThat(allowance.has("ada")).isTrue();
    }

    @Test
    void nobody_spends_for_another() {
        IntStream.range(0, 3).forEach(i -> allowance.spend("ada"));

        assertThat(allowance.has("ada")).isFalse();
        assertThat(allowance.has("bob")).isTrue();
    }
}
