package io.foedus.controller.rounds.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.rounds.entity.Share.Party;
import io.foedus.core.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundPlannerTest {
    private static List<Attending> attending(int... clients) {
        return IntStream.of(clients)
                .mapToObj(count -> new Attending(new Party(UUID.randomUUID(), 1), count))
                .toList();
    }

    private static List<Integer> training(Map<String, Object> plan, int... clients) {
        return RoundPlanner.training(plan(plan), attending(clients)).stream()
                .map(RoundPlanner.Allotment::clients)
                .toList();
    }

    private static Plan plan(Map<String, Object> plan) {
        return Plan.read(plan);
    }

    @Test
    void everybody_is_asked_if_the_plan_says_nothing() {
        assertThat(training(Map.of(), 3, 1, 7)).containsExactly(3, 1, 7);
    }

    @Test
    void a_target_is_divided_in_proportion_and_adds_up() {
        assertThat(training(Map.of("targetClients", 10), 50, 30, 20)).containsExactly(5, 3, 2);
        assertThat(training(Map.of("targetClients", 10), 34, 33, 33)).containsExactly(4, 3, 3);
        assertThat(training(Map.of("targetClients", 2), 1, 1, 1)).containsExactly(1, 1);
    }

    @Test
    void over_selection_asks_more_but_never_more_than_there_are() {
        assertThat(training(Map.of("targetClients", 10, "overSelection", 1.5), 50, 50))
                .containsExactly(8, 7);
        assertThat(training(Map.of("targetClients", 10, "overSelection", 3), 6, 6))
                .containsExactly(6, 6);
    }

    @Test
    void a_fraction_validates_but_at_least_one() {
        Plan tenth = plan(Map.of("validateFraction", 0.1));
        assertThat(RoundPlanner.validation(tenth, attending(30, 10)))
                .extracting(RoundPlanner.Allotment::clients)
                .containsExactly(3, 1);
        assertThat(RoundPlanner.validation(tenth, attending(2)))
                .extracting(RoundPlanner.Allotment::clients)
                .containsExactly(1);
    }

    @Test
    void nobody_attached_means_no_shares() {
        assertThat(training(Map.of())).isEmpty();
    }
}
