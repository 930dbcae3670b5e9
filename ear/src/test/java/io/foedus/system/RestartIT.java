package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.console.Json;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.SessionRun;
import io.foedus.federation.SharedFederation;
import io.foedus.federation.Site;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A controller that is killed and started again goes on where it was: its state is in the database. */
@ExtendWith(SharedFederation.class)
class RestartIT {
    private static final int ROUNDS = 6;

    private final Federation federation;

    RestartIT(Federation federation) {
        this.federation = federation;
    }

    @Test
    void a_session_survives_the_death_of_the_controller_between_rounds_and_within_one() {
        try (Alliance alliance = federation.alliance("restart").useInstantPackage()) {
            List<Site> agents = alliance.startAgents(3);
            SessionRun run = alliance.start(
                    Json.object().put("rounds", ROUNDS).put("minClients", 3).put("deadlineSeconds", 150));

            run.awaitRounds(1);
            run.call("pause");
            run.awaitThat("is paused between rounds", session -> isPaused(session, run));
            List<JsonNode> before = run.completedRounds();
            federation.controller().kill9();
            federation.controller().restart();
            assertThat(run.completedRounds()).isEqualTo(before);

            agents.get(0).hold();
            run.call("resume");
            int open = before.size() + 1;
            run.awaitThat("waits for agent-1", session -> trainsIn(agents.get(0), open));
            federation.controller().kill9();
            agents.get(0).release();
            federation.controller().restart();

            run.awaitFinish();
            List<JsonNode> rounds = run.completedRounds();
            assertThat(rounds).hasSize(ROUNDS);
            assertThat(rounds.subList(0, before.size())).isEqualTo(before);
            assertThat(rounds).allSatisfy(round -> {
                assertThat(round.path("attempt").asInt()).isEqualTo(1);
                assertThat(round.path("tally").path("accepted").asInt()).isEqualTo(3);
            });
            // Each agent's update is 1 in its own place, and it has as many examples as its number says.
            rounds.forEach(
                    round -> assertThat(alliance.values(round.path("model").asText()))
                            .startsWith((float) (1 / 6.0), (float) (2 / 6.0), (float) (3 / 6.0), 0));
            assertThat(agents.get(0).calls().stream().filter(call -> call.startsWith("train ")))
                    .as("trainings of agent-1")
                    .hasSize(ROUNDS);
        }
    }

    private static boolean isPaused(JsonNode session, SessionRun run) {
        return session.path("state").asText().equals("PAUSED")
                && run.rounds().stream().allMatch(round -> round.hasNonNull("finishedAt"));
    }

    private static boolean trainsIn(Site site, int round) {
        return site.calls().stream().anyMatch(call -> call.startsWith("train " + round + " "));
    }
}
