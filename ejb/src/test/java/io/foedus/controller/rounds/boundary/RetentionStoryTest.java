package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.blobs.Workplace;
import io.foedus.controller.models.boundary.Models;
import io.foedus.controller.packages.boundary.Packages;
import io.foedus.controller.participation.boundary.UpdateView;
import io.foedus.controller.retention.boundary.Retention;
import io.foedus.controller.rounds.control.Reduced;
import io.foedus.controller.rounds.control.Reducer;
import io.foedus.controller.rounds.control.Reduction;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.models.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionStoryTest {
    @TempDir
    Path data;

    private TestFederation federation;
    private Retention retention;

    @BeforeEach
    void open() {
        federation = new TestFederation(data);
        retention = federation.controller().get(Retention.class);
    }

    @AfterEach
    void close() {
        federation.close();
    }

    @Test
    void partials_and_updates_go_when_their_round_is_over_and_models_stay() throws IOException {
        RoundView round = trained(Map.of("rounds", 1, "minClients", 2, "validateEvery", 0));
        List<Digest> updates = updates(round);
        assertThat(retention.dropPartials()).isEqualTo(2);
        collectAll();
        assertThat(updates).noneMatch(this::isStored);
        assertThat(partials(round)).noneMatch(this::isStored);
        assertThat(federation.value(round.model())).isEqualTo(2);
        assertThat(federation.value(round.baseModel())).isEqualTo(0);
    }

    @Test
    void a_session_that_keeps_its_updates_keeps_everything_its_models_are_made_of() throws IOException {
        RoundView round = trained(Map.of("rounds", 1, "minClients", 2, "validateEvery", 0, "keepUpdates", true));
        retention.dropPartials();
        collectAll();
        assertThat(updates(round)).allMatch(this::isStored);
        assertThat(partials(round)).allMatch(this::isStored);
    }

    @Test
    void nothing_of_an_open_round_is_collected() throws IOException {
        TestCombiner north = federation.combiner("north", 1);
        federation.combiner("south", 2);
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 3, "aggregator", "multi-krum:0,2"));
        ShareReport report = north.train(north.order(TaskKind.TRAIN), client -> 7, 1);
        federation.look(session);
        assertThat(retention.dropPartials()).isZero();
        collectAll();
        assertThat(new Digest(report.inputs().get(0).digest())).matches(this::isStored);
    }

    @Test
    void what_an_optimizer_remembers_goes_but_for_the_last_step() throws IOException {
        TestCombiner north = federation.combiner("north", 1);
        UUID session =
                federation.session(Map.of("rounds", 3, "validateEvery", 0, "optimizer", "fedavgm:lr=1,momentum=0.5"));
        for (int i = 0; i < 3; i++) {
            north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
            federation.look(session);
            assertThat(retention.dropOptimizerStates()).isEqualTo(i == 0 ? 0 : 1);
        }
        collectAll();
        federation.sessions().extend(federation.operator, session, 1, null);
        federation.look(session);
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.look(session);
        // momentum m ← m/2 + (1 − w), w ← w + m, from w = 0: 1, 1.5, 1.25, 0.875
        assertThat(federation.value(federation.round(session, 4).model())).isEqualTo(0.875);
    }

    @Test
    void a_seed_model_that_is_being_uploaded_is_not_collected_though_no_row_is_seen_yet() throws Exception {
        TestFederation.Model old = federation.model(42);
        Path file = Files.copy(federation.blobs.file(new Digest(old.digest())), data.resolve("seed.npz"));
        collectDuring(
                new Digest(old.digest()),
                () -> federation
                        .controller()
                        .get(Models.class)
                        .upload(federation.operator, federation.alliance, "seed", null, file));
    }

    @Test
    void a_package_that_is_being_uploaded_is_not_collected_though_no_row_is_seen_yet() throws Exception {
        Path file = data.resolve("package.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("fedn.yaml"));
            zip.write("entry_points:\n  train:\n    command: python train.py\n".getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        Digest digest = Digest.of(file);
        collectDuring(
                digest,
                () -> federation
                        .controller()
                        .get(Packages.class)
                        .upload(federation.operator, federation.alliance, "p", "package.zip", file, false));
    }

    /** A sweep that knows the blob as an old one begins when the upload has stored it and not committed. */
    private void collectDuring(Digest digest, Callable<?> upload) throws Exception {
        Retention other = federation.controller("two").get(Retention.class);
        CompletableFuture<Integer> sweep = federation.controller().transaction(() -> {
            upload.call();
            CompletableFuture<Integer> sweeping = CompletableFuture.supplyAsync(
                    () -> other.collect(List.of(digest)), task -> new Thread(task).start());
            while (!sweeping.isDone() && !sweepIsWaiting()) {
                Thread.onSpinWait();
            }
            return sweeping;
        });
        assertThat(sweep.get()).isZero();
        assertThat(digest).matches(this::isStored);
    }

    private boolean sweepIsWaiting() throws SQLException {
        try (Connection connection = federation.database.source().getConnection();
                Statement sql = connection.createStatement();
                ResultSet waiting = sql.executeQuery("""
                        SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                        WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted""")) {
            return waiting.next();
        }
    }

    @Test
    void a_merged_model_that_was_collected_before_it_was_committed_is_made_again() throws IOException {
        TestCombiner north = federation.combiner("north", 1);
        TestCombiner south = federation.combiner("south", 1);
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 2, "validateEvery", 0));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        south.train(south.order(TaskKind.TRAIN), client -> 3, 1);
        RoundEngine engine = federation.controller().get(RoundEngine.class);
        Reduction reduction = federation.claim(federation.controller(), session).orElseThrow();
        Reduced reduced = federation.controller().get(Reducer.class).run(reduction, () -> {});
        collectAll();
        assertThat(new Digest(reduced.file().digest())).matches(digest -> !isStored(digest));

        engine.commit(reduction, reduced);
        assertThat(federation.round(session, 1).model()).isNull();
        federation.clock.advance(Duration.ofSeconds(3));
        federation.look(session);
        assertThat(federation.value(federation.round(session, 1).model())).isEqualTo(2);
    }

    @Test
    void a_blob_that_was_just_stored_is_no_candidate() throws IOException {
        TestFederation.Model orphan = federation.model(42);
        assertThat(federation.blobs.storedBefore(retention.horizon())).isEmpty();
        assertThat(new Digest(orphan.digest())).matches(this::isStored);
    }

    @Test
    void one_controller_does_it_and_again_when_it_is_due() {
        Retention other = federation.controller("two").get(Retention.class);
        assertThat(retention.claim()).isTrue();
        assertThat(other.claim()).isFalse();
        federation.clock.advance(Duration.ofMinutes(11));
        assertThat(other.claim()).isTrue();
        assertThat(retention.claim()).isFalse();
    }

    @Test
    void old_events_and_samples_go() {
        TestCombiner north = federation.combiner("north", 1);
        north.beat();
        federation.session(Map.of("rounds", 1));
        assertThat(retention.expire()).isZero();
        federation.clock.advance(Duration.ofDays(91));
        assertThat(retention.expire()).isGreaterThan(1);
        assertThat(retention.expire()).isZero();
    }

    @Test
    void what_a_killed_controller_left_goes_when_it_is_old() throws IOException {
        Workplace workplace = federation.controller().get(Workplace.class);
        Path fold = Files.write(workplace.folder().resolve("aggregate"), new byte[] {1});
        BlobStore uploads = workplace.uploads(UUID.randomUUID());
        Digest whole = uploads.put(new ByteArrayInputStream(new byte[] {2}), 1);
        Digest broken = new Digest("ab".repeat(32));
        uploads.append(broken, 0, 2, new ByteArrayInputStream(new byte[] {3}));
        workplace.forget(Instant.now().minusSeconds(60));
        assertThat(fold).exists();
        assertThat(uploads.has(whole)).isTrue();
        assertThat(uploads.partialBytes(broken)).isEqualTo(1);
        workplace.forget(Instant.now().plusSeconds(60));
        assertThat(fold.getParent()).doesNotExist();
        assertThat(uploads.has(whole)).isFalse();
        assertThat(uploads.partialBytes(broken)).isZero();
    }

    private RoundView trained(Map<String, Object> plan) {
        TestCombiner north = federation.combiner("north", 1);
        TestCombiner south = federation.combiner("south", 1);
        UUID session = federation.session(plan);
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        south.train(south.order(TaskKind.TRAIN), client -> 3, 1);
        federation.look(session);
        return federation.round(session, 1);
    }

    private static List<Digest> updates(RoundView round) {
        return round.updates().stream().map(UpdateView::digest).map(Digest::new).toList();
    }

    private static List<Digest> partials(RoundView round) {
        return round.shares().stream()
                .map(share -> new Digest(share.partialDigest()))
                .toList();
    }

    private boolean isStored(Digest digest) {
        try {
            return federation.blobs.has(digest);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** As if every blob were old. */
    private void collectAll() throws IOException {
        retention.collect(federation.blobs.storedBefore(Instant.MAX));
    }
}
