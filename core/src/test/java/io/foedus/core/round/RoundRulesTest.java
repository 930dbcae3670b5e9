package io.foedus.core.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundRulesTest {
    private static final RoundPolicy POLICY = new RoundPolicy(2, 4, Duration.ofSeconds(30), Duration.ofSeconds(60));

    @Test
    void a_round_moves_forward_and_never_back() {
        assertThat(RoundPhase.PLANNED
                        .to(RoundPhase.TRAINING)
                        .to(RoundPhase.REDUCING)
                        .to(RoundPhase.VALIDATING)
                        .to(RoundPhase.COMPLETED)
                        .over())
                .isTrue();
        assertThatThrownBy(() -> RoundPhase.COMPLETED.to(RoundPhase.TRAINING))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a round that is COMPLETED cannot become TRAINING");
        assertThatThrownBy(() -> RoundPhase.PLANNED.to(RoundPhase.REDUCING)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> RoundPhase.VALIDATING.to(RoundPhase.FAILED)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_target_closes_at_once() {
        assertThat(POLICY.judge(new Tally(4, 0, 0, 0, 6), Duration.ZERO)).isEqualTo(Verdict.CLOSE);
        assertThat(POLICY.judge(new Tally(3, 0, 0, 0, 6), Duration.ZERO)).isEqualTo(Verdict.WAIT);
    }

    @Test
    void after_the_minimum_wait_the_minimum_is_enough() {
        assertThat(POLICY.judge(new Tally(2, 0, 0, 0, 6), Duration.ofSeconds(29)))
                .isEqualTo(Verdict.WAIT);
        assertThat(POLICY.judge(new Tally(2, 0, 0, 0, 6), Duration.ofSeconds(30)))
                .isEqualTo(Verdict.CLOSE);
        assertThat(POLICY.judge(new Tally(1, 0, 0, 0, 6), Duration.ofSeconds(30)))
                .isEqualTo(Verdict.WAIT);
    }

    @Test
    void the_deadline_closes_or_aborts() {
        assertThat(POLICY.judge(new Tally(2, 0, 0, 0, 6), Duration.ofSeconds(60)))
                .isEqualTo(Verdict.CLOSE);
        assertThat(POLICY.judge(new Tally(1, 0, 0, 0, 6), Duration.ofSeconds(60)))
                .isEqualTo(Verdict.ABORT);
    }

    @Test
    void lost_clients_lower_the_expectation_at_once() {
        assertThat(POLICY.judge(new Tally(2, 0, 0, 4, 6), Duration.ZERO)).isEqualTo(Verdict.CLOSE);
        assertThat(POLICY.judge(new Tally(2, 2, 0, 2, 6), Duration.ZERO)).isEqualTo(Verdict.CLOSE);
        assertThat(POLICY.judge(new Tally(0, 0, 0, 5, 6), Duration.ZERO)).isEqualTo(Verdict.ABORT);
        assertThat(POLICY.judge(new Tally(1, 0, 9, 3, 6), Duration.ZERO)).isEqualTo(Verdict.WAIT);
    }

    @Test
    void tallies_of_shares_add_up() {
        assertThat(new Tally(1, 2, 3, 4, 10)
                        .plus(Tally.expecting(5)
                                .oneAccepted()
                                .oneLost()
                                .oneRejected()
                                .oneDiscarded()))
                .isEqualTo(new Tally(2, 3, 4, 5, 15));
    }

    @Test
    void policies_that_cannot_be_met_are_refused() {
        assertThatThrownBy(() -> new RoundPolicy(0, 1, Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("at least one");
        assertThatThrownBy(() -> new RoundPolicy(3, 2, Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("below the minimum");
        assertThatThrownBy(() -> new RoundPolicy(1, 1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("minimum wait");
    }

    @Test
    void a_selection_depends_on_seed_and_round_and_not_on_the_order_of_candidates() {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            candidates.add(new Candidate("c" + i, Map.of("site", i % 2 == 0 ? "north" : "south")));
        }
        List<Candidate> first = Selection.RANDOM.select(candidates, 10, 7, 1);
        Collections.shuffle(candidates, new Random(1));
        assertThat(Selection.RANDOM.select(candidates, 10, 7, 1)).isEqualTo(first);
        assertThat(Selection.RANDOM.select(candidates, 10, 7, 2)).isNotEqualTo(first);
        assertThat(Selection.RANDOM.select(candidates, 10, 8, 1)).isNotEqualTo(first);
    }

    @Test
    void a_selection_is_fair_over_many_rounds() {
        List<Candidate> candidates =
                List.of(Candidate.of("a"), Candidate.of("b"), Candidate.of("c"), Candidate.of("d"));
        int[] taken = new int[4];
        for (int round = 0; round < 4000; round++) {
            Selection.RANDOM.select(candidates, 1, 3, round).forEach(c -> taken[c.id().charAt(0) - 'a']++);
        }
        for (int count : taken) {
            assertThat(count).isBetween(850, 1150);
        }
    }
}
