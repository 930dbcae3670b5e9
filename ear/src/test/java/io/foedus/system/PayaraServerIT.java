package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.Full;
import io.foedus.federation.SessionRun;
import io.foedus.launcher.servers.Readiness;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The main job with controller and combiner in one EAR on Payara Server. */
@Full
class PayaraServerIT {
    @Test
    void the_ear_trains_the_digits_model_and_leaves_nothing_running() {
        Federation federation = Federation.named("payara-server").asEar().start();
        try (federation;
                Alliance alliance = federation.alliance("digits")) {
            Digits digits = Digits.in(alliance, 3);
            SessionRun run = alliance.start(digits.plan(3));

            run.awaitFinish();

            List<JsonNode> rounds = run.completedRounds();
            assertThat(rounds)
                    .hasSize(3)
                    .allSatisfy(round -> assertThat(
                                    round.path("tally").path("accepted").asInt())
                            .isEqualTo(3));
            assertThat(Digits.accuracies(rounds)).isSorted();
            assertThat(Digits.accuracies(rounds).get(2)).isGreaterThan(0.75);
        }

        assertThat(federation.controller().isAlive()).isFalse();
        assertThat(Readiness.isReady(federation.controller().uri())).isFalse();
        assertThat(ProcessHandle.allProcesses()
                        .flatMap(process -> process.info().commandLine().stream())
                        .filter(line -> line.contains(federation.home().toString())))
                .isEmpty();
    }
}
