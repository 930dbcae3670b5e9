package io.foedus.web.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanWordsTest {
    private static final Map<String, Object> PLAN = Map.of(
            "rounds",
            30,
            "targetClients",
            0,
            "deadlineSeconds",
            300.0,
            "mode",
            "SYNCHRONOUS",
            "validateEvery",
            1,
            "validateFraction",
            1.0,
            "best",
            Map.of("metric", "loss", "goal", "MIN"),
            "settings",
            Map.of("epochs", 1.0));

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
    }
}
