package io.foedus.web.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.core.plan.Plan;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanWordsTest {
    private static final Plan PLAN = Plan.read(Map.of(
            "rounds",
            30,
            "deadlineSeconds",
            300.0,
            "best",
            Map.of("metric", "loss", "goal", "MIN"),
            "settings",
            Map.of("epochs", 1.0)));

    @Test
    void a_plan_reads_like_the_form_it_was_made_with() {
        assertThat(PlanWords.of(PLAN))
                .containsEntry("Rounds", "30")
                .containsEntry("Clients per round", "all")
                .containsEntry("Longest round", "300 s")
                .containsEntry("A round closes", "when all its clients have answered")
                .containsEntry("Validation", "every round")
                .containsEntry("Early stop", "no")
                .containsEntry("Best model", "loss, lower is better")
                .containsEntry("Settings", "epochs = 1");
        assertThat(PlanWords.of(PLAN.with(Map.of("mode", "BUFFERED", "aggregator", "fedbuff", "minClients", 3))))
                .containsEntry("A round closes", "when 3 updates are in; staleness exponent 0.5, at most 10");
    }
}
