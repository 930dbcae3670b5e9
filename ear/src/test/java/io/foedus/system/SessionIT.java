package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.SessionRun;
import io.foedus.federation.SharedFederation;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The main job on Payara Micro: three agents train the digits model for three rounds. */
@ExtendWith(SharedFederation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionIT {
    private final Federation federation;
    private final Alliance alliance;
    private SessionRun run;
    private List<JsonNode> rounds = List.of();

    SessionIT(Federation federation) {
        this.federation = federation;
        alliance = federation.alliance("digits");
        Digits digits = Digits.in(alliance, 3);
        run = alliance.start(digits.plan(3));
    }

    @BeforeAll
    void train() {
        run.awaitFinish();
        rounds = run.completedRounds();
    }

    @AfterAll
    void leave() {
        alliance.close();
    }

    @Test
    void every_round_completes_at_its_first_attempt_with_all_agents() {
        assertThat(rounds).hasSize(3).allSatisfy(round -> {
            assertThat(round.path("attempt").asInt()).isEqualTo(1);
            assertThat(round.path("tally").path("accepted").asInt()).isEqualTo(3);
            assertThat(round.path("tally").path("rejected").asInt()).isZero();
        });
    }

    @Test
    void accuracy_rises() {
        List<Double> accuracies = Digits.accuracies(rounds);

        assertThat(accuracies).isSorted();
        assertThat(accuracies.get(2)).isGreaterThan(0.75);
    }

    @Test
    void each_round_counts_the_examples_of_its_agents() {
        JsonNode round = run.round(2);

        List<Long> examples = StreamSupport.stream(round.path("updates").spliterator(), false)
                .map(update -> update.path("examples").asLong())
                .toList();
        assertThat(examples).hasSize(3).allMatch(count -> count > 100);
        assertThat(round.path("examples").asLong())
                .isEqualTo(examples.stream().mapToLong(Long::longValue).sum());
        assertThat(round.path("validations")).hasSize(3);
    }

    @Test
    void the_trail_leads_from_the_last_model_back_to_the_seed() {
        String last = rounds.get(2).path("model").asText();
        List<String> trail = federation.admin().list(alliance.path("/models/" + last + "/trail"), 10).stream()
                .map(model -> model.path("id").asText())
                .toList();

        assertThat(trail)
                .containsExactly(
                        rounds.get(1).path("model").asText(),
                        rounds.get(0).path("model").asText(),
                        rounds.get(0).path("baseModel").asText());
        assertThat(alliance.model(trail.get(2)).hasNonNull("parent")).isFalse();
        assertThat(run.json().path("model").asText()).isEqualTo(last);
    }

    @Test
    void each_model_is_the_file_that_its_digest_says_in_the_layout_of_the_seed() throws IOException {
        try (ModelFile seed =
                ModelFile.open(alliance.download(rounds.get(0).path("baseModel").asText()))) {
            for (JsonNode round : rounds) {
                String id = round.path("model").asText();
                try (ModelFile model = ModelFile.open(alliance.download(id))) {
                    assertThat(model.digest())
                            .isEqualTo(
                                    new Digest(alliance.model(id).path("digest").asText()));
                    assertThat(model.layout()).isEqualTo(seed.layout());
                    assertThat(model.digest()).isNotEqualTo(seed.digest());
                }
            }
        }
    }

    @Test
    void rest_tells_what_the_database_holds() {
        Set<String> accepted = federation
                .sql(
                        "SELECT u.digest FROM model_update u JOIN round r ON r.id = u.round_id"
                                + " WHERE r.session_id = ? AND u.fate = 'ACCEPTED'",
                        UUID.fromString(run.id()))
                .stream()
                .map(row -> String.valueOf(row.get("digest")))
                .collect(Collectors.toSet());
        Set<String> told = rounds.stream()
                .map(round -> run.round(round.path("number").asInt()))
                .flatMap(round -> StreamSupport.stream(round.path("updates").spliterator(), false))
                .map(update -> update.path("digest").asText())
                .collect(Collectors.toSet());

        assertThat(told).hasSize(9).isEqualTo(accepted);
    }
}
