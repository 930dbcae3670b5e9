package io.foedus.core.liveness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private final Lease lease = new Lease(NOON, Duration.ofSeconds(30));

    @Test
    void a_lease_runs_out_at_its_very_end() {
        assertThat(lease.expiredAt(NOON.plusSeconds(29))).isFalse();
        assertThat(lease.expiredAt(NOON.plusSeconds(30))).isTrue();
    }

    @Test
    void it_is_renewed_after_a_third() {
        assertThat(lease.renewAt()).isEqualTo(NOON.plusSeconds(10));
    }

    @Test
    void a_renewal_that_arrives_late_changes_nothing() {
        assertThat(lease.renewed(NOON.minusSeconds(1))).isEqualTo(lease);
        assertThat(lease.renewed(NOON.plusSeconds(20)).expiresAt()).isEqualTo(NOON.plusSeconds(50));
    }

    @Test
    void a_lease_that_never_holds_is_refused() {
        assertThatThrownBy(() -> new Lease(NOON, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}
