package io.foedus.controller.rounds.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeldClaimTest {
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void a_database_that_is_away_does_not_end_a_claim() {
        HeldClaim claim = new HeldClaim(
                () -> {
                    throw new IllegalStateException("away");
                },
                nanos::get);
        claim.beat();
        claim.run();
        assertThat(claim.isLost()).isFalse();
    }

    @Test
    void a_claim_that_is_anothers_stops_its_reducer_at_the_next_step() {
        HeldClaim claim = new HeldClaim(() -> false, nanos::get);
        claim.run();
        claim.beat();
        assertThatThrownBy(claim::run).hasMessage("the claim was taken over");
    }

    @Test
    void a_reducer_that_hangs_is_interrupted_and_its_claim_left_to_others() {
        HeldClaim claim = new HeldClaim(() -> true, nanos::get);
        nanos.addAndGet(HeldClaim.HANGS.toNanos());
        claim.beat();
        assertThat(claim.isLost()).isFalse();
        claim.run();
        nanos.addAndGet(HeldClaim.HANGS.toNanos() + 1);
        claim.beat();
        assertThat(claim.isLost()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        claim.close();
        assertThat(Thread.currentThread().isInterrupted())
                .as("its thread goes on with other work")
                .isFalse();
    }
}
