package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.events.boundary.EventView;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.listing.Query;
import io.foedus.controller.models.boundary.ModelView;
import io.foedus.controller.models.boundary.Models;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.scrub.boundary.Scrub;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.blobs.Soundness;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that flips a bit of a stored model: said as it is, and nobody is blamed for it. */
class DamageStoryTest {
    private static final Map<String, Object> PLAN = Map.of("rounds", 2, "minClients", 1, "validateEvery", 0);

    @TempDir
    Path data;

    private TestFederation federation;
    private ModelView seed;
    private Path copy;

    @BeforeEach
    void open() throws IOException {
        federation = new TestFederation(data);
        String now = "'" + federation.clock.instant() + "'";
        federation.database.execute("UPDATE model SET created_at = " + now);
        federation.database.execute("UPDATE compute_package SET created_at = " + now);
        seed = models().list(federation.operator, federation.alliance, Query.first(1))
                .items()
                .get(0);
        copy = Files.copy(stored(), data.resolve("copy.npz"));
    }

    @AfterEach
    void close() {
        federation.close();
    }

    @Test
    void a_session_from_a_damaged_model_says_so_and_asks_nobody() throws IOException {
        federation.clock.advance(Duration.ofHours(2));
        TestCombiner north = federation.combiner("north", 1);
        flipABit();
        SessionView session = federation.sessionOf(federation.session(PLAN));
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        assertThat(session.reason())
                .contains("damaged in the store", seed.digest(), "put the same bytes back from a backup");
        assertThat(north.orders()).isEmpty();
        assertThat(told("model.damaged"))
                .singleElement()
                .satisfies(event -> assertThat(event.message()).contains("damaged in the store"));
        assertThat(models().get(federation.operator, seed.id()).soundness()).isEqualTo(Soundness.DAMAGED);
        assertThatThrownBy(() -> models().download(federation.operator, seed.id()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("MODEL_DAMAGED"));
    }

    @Test
    void a_model_that_is_damaged_while_a_round_runs_fails_the_session_before_the_next_attempt() throws IOException {
        TestCombiner north = federation.combiner("north", 1);
        UUID session = federation.session(
                Map.of("rounds", 2, "minClients", 1, "retries", 3, "validateEvery", 0, "deadlineSeconds", 20));
        federation.pass(30, north);
        north.report(north.order(TaskKind.TRAIN), north.reportOf(List.of(), client -> 0, 1));
        flipABit();
        federation.look(session);
        federation.pass(5, north);
        federation.look(session);
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FAILED);
        assertThat(federation.sessionOf(session).reason()).contains("damaged in the store");
        assertThat(federation.rounds(session)).hasSize(2);
    }

    @Test
    void the_same_bytes_mend_it_and_the_session_goes_on() throws IOException {
        federation.clock.advance(Duration.ofHours(2));
        TestCombiner north = federation.combiner("north", 1);
        flipABit();
        UUID session = federation.session(PLAN);
        assertThat(models().upload(federation.operator, federation.alliance, "again", null, copy)
                        .id())
                .isEqualTo(seed.id());
        assertThat(told("model.restored")).hasSize(1);
        federation.sessions().extend(federation.operator, session, 2, null);
        federation.look(session);
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.look(session);
        assertThat(federation.sessionOf(session).roundsCompleted()).isEqualTo(1);
    }

    @Test
    void scrubbing_finds_it_once_and_finds_a_file_that_was_put_back() throws IOException {
        Scrub scrub = federation.controller().get(Scrub.class);
        scrub.scrub(Duration.ofMinutes(1));
        assertThat(told("model.damaged")).isEmpty();
        assertThat(scrub.scrub(Duration.ofMinutes(1))).isZero();
        flipABit();
        federation.clock.advance(Duration.ofDays(8));
        scrub.scrub(Duration.ofMinutes(1));
        federation.clock.advance(Duration.ofMinutes(11));
        scrub.scrub(Duration.ofMinutes(1));
        assertThat(told("model.damaged")).hasSize(1);
        Files.copy(copy, place());
        federation.clock.advance(Duration.ofMinutes(11));
        scrub.scrub(Duration.ofMinutes(1));
        assertThat(told("model.restored")).hasSize(1);
    }

    private void flipABit() throws IOException {
        try (FileChannel file = FileChannel.open(stored(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            file.read(last, file.size() - 1);
            last.put(0, (byte) (last.get(0) ^ 4)).rewind();
            file.write(last, file.size() - 1);
        }
    }

    private Path stored() throws IOException {
        return federation.blobs.file(new Digest(seed.digest()));
    }

    private Path place() {
        return data.resolve("blobs/blobs/" + seed.digest().substring(0, 2) + "/" + seed.digest());
    }

    private Models models() {
        return federation.controller().get(Models.class);
    }

    private List<EventView> told(String kind) {
        return federation.controller().get(Events.class).after(federation.alliance, 0, null, 500).stream()
                .filter(event -> event.kind().equals(kind))
                .toList();
    }
}
