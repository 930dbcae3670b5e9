package io.foedus.web.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.participation.boundary.ParticipationView;
import io.foedus.controller.participation.boundary.UpdateView;
import io.foedus.controller.participation.entity.ClaimState;
import io.foedus.controller.participation.entity.UpdateState;
import io.foedus.controller.rounds.boundary.RoundView;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundPhase;
import io.foedus.core.round.Tally;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PartTest {
    private static final UUID ID = new UUID(0, 9);

    @Test
    void a_client_without_an_update_is_shown_with_the_state_of_its_claim_and_others_once() {
        List<Part> parts = Part.of(round(
                List.of(
                        claim(1, "ada", TaskKind.TRAIN, ClaimState.LOST),
                        claim(2, "bob", TaskKind.TRAIN, ClaimState.REPORTED),
                        claim(2, "bob", TaskKind.VALIDATE, ClaimState.CLAIMED),
                        claim(3, "cy", TaskKind.VALIDATE, ClaimState.CLAIMED)),
                List.of(update(2, "bob"))));
        assertThat(parts).extracting(Part::clientName).containsExactly("ada", "bob");
        assertThat(parts).extracting(Part::fate).containsExactly("LOST", "ACCEPTED");
        assertThat(parts.get(1).seconds("runMillis")).isEqualTo(1.5);
        assertThat(parts.get(0).seconds("runMillis")).isNull();
        assertThat(parts.get(0).size()).isNull();
    }

    private static ParticipationView claim(int client, String name, TaskKind kind, ClaimState state) {
        return new ParticipationView(new UUID(0, client), name, ID, "north", kind, state, null, Instant.EPOCH, null);
    }

    private static UpdateView update(int client, String name) {
        return new UpdateView(
                ID,
                ID,
                1,
                new UUID(0, client),
                name,
                ID,
                "north",
                "digest",
                7,
                10,
                10,
                1.0,
                0,
                UpdateState.ACCEPTED,
                null,
                Map.of(),
                Map.of("runMillis", 1500),
                Instant.EPOCH);
    }

    private static RoundView round(List<ParticipationView> participants, List<UpdateView> updates) {
        return new RoundView(
                ID,
                ID,
                1,
                1,
                RoundPhase.TRAINING,
                ID,
                null,
                null,
                null,
                0,
                0,
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                Tally.NONE,
                Map.of(),
                List.of(),
                participants,
                updates,
                List.of());
    }
}
