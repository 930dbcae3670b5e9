package io.foedus.controller.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.testing.SettableClock;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TimeOrderedIdTest {
    @Test
    void a_later_id_sorts_after_an_earlier_one_and_carries_its_time() {
        SettableClock clock = new SettableClock();
        UUID first = TimeOrderedId.next(clock);
        clock.advance(Duration.ofMillis(1));
        UUID second = TimeOrderedId.next(clock);
        assertThat(second.toString()).isGreaterThan(first.toString());
        assertThat(first.version()).isEqualTo(7);
        assertThat(first.variant()).isEqualTo(2);
        assertThat(second.getMostSignificantBits() >>> 16)
                .isEqualTo(clock.instant().toEpochMilli());
    }
}
