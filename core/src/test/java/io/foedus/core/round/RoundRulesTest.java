package io.foedus.core.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.json.Json;
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
        assertThat(Selection.ALL.select(candidates, 10, 7, 1)).hasSize(50);
        assertThat(Selection.parse("attribute:site=north").select(candidates, 40, 7, 1))
                .hasSize(25)
                .allMatch(candidate -> candidate.attributes().containsValue("north"));
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

    @Test
    void every_default_of_a_plan() {
        assertThat(Json.write(SessionPlan.builder().build().toJson()))
                .isEqualTo(
                        "{\"rounds\":5,\"minClients\":1,\"targetClients\":1,\"overSelection\":1,\"minWait\":\"PT10M\","
                                + "\"deadline\":\"PT10M\",\"mode\":\"synchronous\",\"bufferSize\":1,\"maxStaleness\":10,"
                                + "\"selection\":\"random\",\"selectionSeed\":\"0\",\"validateEvery\":1,\"validationFraction\":1,"
                                + "\"aggregator\":\"mean\",\"optimizer\":\"plain\",\"local\":{},\"stop\":null,\"best\":null,"
                                + "\"keepUpdates\":false}");
    }

    @Test
    void a_plan_survives_its_json() {
        SessionPlan plan = SessionPlan.builder()
                .rounds(20)
                .minClients(3)
                .targetClients(8)
                .overSelection(1.3)
                .minWait(Duration.ofSeconds(5))
                .deadline(Duration.ofMinutes(2))
                .mode(RoundMode.DEADLINE)
                .selection(Selection.parse("attribute:gpu=yes"))
                .selectionSeed(Long.MIN_VALUE)
                .validateEvery(2)
                .validationFraction(0.25)
                .optimizer("fedadam:lr=0.01")
                .local(Map.of("epochs", "3", "mu", "0.1"))
                .stop(StopRule.parse("max:accuracy,3,0.001"))
                .best(MetricRule.parse("min:loss"))
                .keepUpdates(true)
                .build();
        assertThat(SessionPlan.of(Json.object(Json.write(plan.toJson())))).isEqualTo(plan);
        assertThat(plan.clientsToAsk()).isEqualTo(11);
        assertThat(plan.toBuilder().build()).isEqualTo(plan);
        assertThat(plan.toText()).containsEntry("local.epochs", "3").doesNotContainValue("null");
    }

    @Test
    void a_typo_in_aggregator_parameters_is_refused_when_the_session_is_created() {
        assertThatThrownBy(() -> SessionPlan.builder().aggregator("meen").build())
                .isInstanceOf(InvalidPlanException.class)
                .hasMessageContaining("aggregator: there is no aggregator 'meen'; known are ");
        assertThatThrownBy(
                        () -> SessionPlan.builder().optimizer("fedadam:{oops").build())
                .hasMessageContaining("optimizer: '{oops' is not a number; fedadam needs one for lr");
    }

    @Test
    void all_problems_of_a_plan_are_told_at_once() {
        assertThatThrownBy(
                        () -> SessionPlan.of(
                                Json.object(
                                        "{\"rounds\":0,\"minClients\":5,\"targetClients\":2,\"deadline\":\"PT0.5S\",\"validationFraction\":0}")))
                .isInstanceOfSatisfying(
                        InvalidPlanException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "rounds must be from 1 to 1000000, not 0",
                                        "targetClients must be from 5 to 1000000, not 2",
                                        "deadline must be from 1 s to 2592000 s, not 0.5 s",
                                        "bufferSize must be from 5 to 1000000, not 2",
                                        "validationFraction must be from above 0 to 1, not 0"));
        assertThatThrownBy(() -> SessionPlan.of(Json.object("{\"ronds\":3,\"minWait\":\"soon\",\"rounds\":true}")))
                .isInstanceOfSatisfying(
                        InvalidPlanException.class,
                        e -> assertThat(e.problems())
                                .hasSize(3)
                                .anyMatch(problem -> problem.startsWith("ronds is not a session parameter"))
                                .anyMatch(problem -> problem.startsWith("minWait: 'soon' is neither"))
                                .anyMatch(problem -> problem.equals("member 'rounds' must be a number")));
    }

    @Test
    void a_stop_rule_waits_out_its_patience() {
        StopRule rule = StopRule.parse("max:accuracy,2,0.01");
        assertThat(rule.stop(List.of(0.5, 0.6, 0.7))).isFalse();
        assertThat(rule.stop(List.of(0.5, 0.6, 0.605))).isFalse();
        assertThat(rule.stop(List.of(0.5, 0.6, 0.605, 0.609))).isTrue();
        assertThat(rule.stop(List.of(0.5, 0.6, Double.NaN, 0.7))).isFalse();
        assertThat(StopRule.parse("min:loss,1").stop(List.of(1.0, 0.9, 0.9))).isTrue();
        assertThat(StopRule.parse(rule.spec())).isEqualTo(rule);
    }

    @Test
    void the_best_model_is_the_first_of_the_best() {
        assertThat(MetricRule.parse("max:accuracy").best(List.of(0.1, 0.9, 0.9, Double.NaN)))
                .hasValue(1);
        assertThat(MetricRule.parse("min:loss").best(List.of(3.0, 2.0, 5.0))).hasValue(1);
        assertThat(MetricRule.parse("min:loss").best(List.of(Double.NaN))).isEmpty();
        assertThatThrownBy(() -> MetricRule.parse("accuracy")).hasMessageContaining("max:metric");
    }
}
