package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.SessionRun;
import io.foedus.federation.SharedFederation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedFederation.class)
class SessionIT {
    @Test
    void three_agents_train_the_digits_model(Federation federation) {
        Digits digits = Digits.in(federation.alliance("digits"), 3);
        Alliance alliance = digits.alliance();
        SessionRun run = alliance.start(digits.plan(3));

        JsonNode session = run.awaitFinish();
        List<JsonNode> rounds = run.completedRounds();

        assertThat(rounds).hasSize(3).allSatisfy(round -> {
            assertThat(round.path("tally").path("accepted").asInt()).isEqualTo(3);
            assertThat(round.path("attempt").asInt()).isEqualTo(1);
        });
        List<Double> accuracies = Digits.accuracies(rounds);
        assertThat(accuracies.get(2)).isGreaterThan(accuracies.get(0)).isGreaterThan(0.7);
        assertThat(session.path("model").asText())
                .isEqualTo(rounds.get(2).path("model").asText());
    }
}
