package io.foedus.core.liveness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.liveness.Backoff.Pace;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Pace PATIENT = new Pace(
            Duration.ofMillis(100),
            Duration.ofMillis(400),
            Duration.ofSeconds(3),
            Duration.ofSeconds(9),
            Duration.ofSeconds(60));

    /** Always the longest wait that is allowed. */
    private static final RandomGenerator LONGEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    private static List<Long> waits(Backoff backoff, int count) {
        return Stream.generate(() -> backoff.next().toMillis()).limit(count).toList();
    }

    @Test
    void the_bound_doubles_up_to_its_cap() {
        Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1), LONGEST);

        assertThat(waits(backoff, 5)).containsExactly(200L, 400L, 800L, 1_000L, 1_000L);
    }

    @Test
    void a_young_outage_has_a_lower_cap() {
        assertThat(waits(new Backoff(PATIENT, LONGEST), 9))
                .containsExactly(400L, 800L, 1_600L, 3_000L, 3_000L, 3_000L, 25_600L, 51_200L, 60_000L);
    }

    @Test
    void waits_are_spread_evenly_above_the_floor() {
        RandomGenerator chance = RandomGenerator.of("L64X128MixRandom");
        for (int i = 0; i < 1_000; i++) {
            assertThat(new Backoff(PATIENT, chance).next()).isBetween(Duration.ofMillis(100), Duration.ofMillis(400));
        }
    }

    @Test
    void a_success_begins_anew() {
        Backoff backoff = new Backoff(PATIENT, LONGEST);
        assertThat(backoff.fresh()).isTrue();
        assertThat(backoff.recovered()).isFalse();
        waits(backoff, 8);
        assertThat(backoff.failures()).isEqualTo(8);
        assertThat(backoff.fresh()).isFalse();

        assertThat(backoff.recovered()).isTrue();
        assertThat(waits(backoff, 7)).startsWith(400L, 800L).endsWith(25_600L);
    }

    @Test
    void what_the_other_side_asks_for_is_the_least() {
        Backoff backoff = new Backoff(PATIENT, LONGEST);

        assertThat(backoff.next(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(15));
        assertThat(backoff.next(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(800));
    }

    @Test
    void a_long_outage_overflows_nothing() {
        assertThat(waits(new Backoff(PATIENT, LONGEST), 10_000)).allMatch(wait -> wait <= 60_000 && wait >= 100);
    }

    @Test
    void bounds_out_of_order_are_refused() {
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), LONGEST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("waits must grow");
    }
}
