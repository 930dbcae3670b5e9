package io.foedus.web.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.plan.InvalidPlanException;
import io.foedus.core.plan.InvalidPlanException.Breach;
import io.foedus.core.plan.Plan;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanFormTest {
    private final PlanForm form = new PlanForm();

    private void type(String key, String text) {
        form.getFields().put(key, text);
    }

    private Plan plan() {
        return Plan.read(form.toPlan());
    }

    @Test
    void a_form_begins_with_the_defaults_of_the_plan() {
        assertThat(form.getFields()).containsEntry("rounds", "5").containsEntry("deadlineSeconds", "600");
        assertThat(plan()).isEqualTo(Plan.read(Map.of()));
    }

    @Test
    void what_is_empty_is_left_to_the_default() {
        type("rounds", " ");
        type("deadlineSeconds", "30");
        assertThat(plan().rounds()).isEqualTo(5);
        assertThat(plan().minWaitSeconds()).isEqualTo(30);
    }

    @Test
    void texts_of_several_values_are_taken_apart() {
        type("selection.kind", "ATTRIBUTE");
        type("selection.labels", "site=north, gpu = yes");
        type("settings", "epochs = 3\n\nrate=0.5\nname = a=b\n");
        assertThat(plan().selection().labels()).isEqualTo(Map.of("site", "north", "gpu", "yes"));
        assertThat(plan().settings()).isEqualTo(Map.of("epochs", 3L, "rate", 0.5, "name", "a=b"));
    }

    @Test
    void a_rule_without_a_metric_is_none() {
        type("best.goal", "MIN");
        type("stop.patience", "3");
        assertThat(plan().best()).isEmpty();
        assertThat(plan().stop()).isEmpty();
        type("best.metric", "loss");
        type("stop.metric", "loss");
        assertThat(plan().best()).contains(new Plan.Best("loss", Plan.Goal.MIN));
        assertThat(plan().stop()).contains(new Plan.Stop("loss", Plan.Goal.MAX, 3, 0));
    }

    @Test
    void a_plan_that_was_given_before_fills_the_form_and_comes_out_as_it_was() {
        Plan before = Plan.read(Map.ofEntries(
                Map.entry("rounds", 30),
                Map.entry("minClients", 2),
                Map.entry("overSelection", 1.3),
                Map.entry("deadlineSeconds", 120.5),
                Map.entry("minWaitSeconds", 5),
                Map.entry("selection", Map.of("kind", "ATTRIBUTE", "labels", Map.of("site", "a", "scanner", "b"))),
                Map.entry("settings", Map.of("epochs", 3, "name", "x")),
                Map.entry("stop", Map.of("metric", "loss", "goal", "MIN", "minDelta", 0.25)),
                Map.entry("keepUpdates", true),
                Map.entry("mode", "BUFFERED"),
                Map.entry("retries", 7)));
        assertThat(Plan.read(PlanForm.of(before).toPlan())).isEqualTo(before);
    }

    @Test
    void every_breach_is_told_with_the_key_of_its_field() {
        type("rounds", "many");
        type("minClients", "0");
        type("settings", "epochs");
        type("selection.labels", "north");
        type("stop.metric", "loss");
        type("stop.patience", "soon");
        assertThatThrownBy(form::toPlan)
                .isInstanceOfSatisfying(
                        InvalidPlanException.class,
                        e -> assertThat(e.breaches())
                                .extracting(Breach::key)
                                .containsExactlyInAnyOrder(
                                        "rounds", "minClients", "settings", "selection.labels", "stop.patience"))
                .hasMessageContaining("rounds must be a whole number, not 'many'")
                .hasMessageContaining("settings: 'epochs' is not of the form name = value");
    }
}
