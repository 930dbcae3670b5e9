package io.foedus.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.core.lineage.Input;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.lineage.Signatures;
import io.foedus.core.models.Digest;
import io.foedus.federation.Full;
import io.foedus.federation.SessionRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checker itself: each fault planted in what a good session left behind is found. */
@Full
@ExtendWith(SharedStage.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckerIT {
    private final Stage stage;
    private final SessionRun session;

    CheckerIT(Stage stage) {
        this.stage = stage;
        session = stage.newSession(stage.newModels(new Random(1), 1 << 12, 2), 2);
    }

    @BeforeAll
    void run() {
        session.call("start");
        session.awaitFinish();
        check();
    }

    @ParameterizedTest
    @CsvSource({
        "model_update, fate, LATE, 'inputs in the manifest, against the reported participants'",
        "model_update, fate, LATE, 'reported clients of the ledger, against accepted updates'",
        "model_update, examples, 7, inputs in the manifest",
        "model_update, weight, 7, inputs in the manifest",
        "participation, state, LOST, 'inputs in the manifest, against the reported participants'",
        "participation, state, LOST, 'accepted updates, against the ledger'",
        "participation, state, LOST, 'the model, against the reported participants'",
        "participation, state, CLAIMED, claims that never ended",
        "share, phase, CANCELLED, 'accepted updates, against the ledger'",
        "share, phase, LOST, reported clients of the ledger",
        "share, phase, CANCELLED, partials in the manifest",
        "share, examples, 7, examples of a share",
        "share, examples, 7, examples of all shares",
        "share, accepted, 2, accepted updates of a share",
        "share, partial_digest, 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, partials in the manifest",
        "round, examples, 7, 'examples of the round, against the manifest'"
    })
    void a_row_that_contradicts_the_others_is_found(String table, String column, String value, String finding) {
        Map<String, Object> row = stage.federation()
                .sql(
                        "SELECT t.id, t." + column + "::text AS was FROM " + table + " t JOIN round r ON r.id = t."
                                + (table.equals("round") ? "id" : "round_id")
                                + " WHERE r.session_id = ?::uuid AND t::text NOT LIKE '%VALIDATE%' ORDER BY t.id LIMIT 1",
                        session.id())
                .get(0);
        set(table, column, value, id(row));
        try {
            assertThatThrownBy(this::check).isInstanceOf(AssertionError.class).hasMessageContaining(finding);
        } finally {
            set(table, column, String.valueOf(row.get("was")), id(row));
        }
    }

    /** Each is told under the controller's own signature, with the hash and the chain in order. */
    @ParameterizedTest
    @EnumSource
    void a_manifest_that_lies_is_found(Lie lie) {
        Map<String, Object> row = stage.federation()
                .sql(
                        "SELECT m.id, m.manifest, m.manifest_hash, m.signature FROM model m JOIN session s ON s.model_id ="
                                + " m.id WHERE s.id = ?::uuid",
                        session.id())
                .get(0);
        Manifest truth = Manifest.parse(String.valueOf(row.get("manifest")).getBytes(StandardCharsets.UTF_8));
        Manifest told = lie.about(truth);
        PrivateKey key = Signatures.privateKey(keys().lines().findFirst().orElseThrow());
        set("model", "manifest", new String(told.bytes(), StandardCharsets.UTF_8), id(row));
        set("model", "manifest_hash", told.hash().hex(), id(row));
        set("model", "signature", Base64.getEncoder().encodeToString(Signatures.sign(told, key)), id(row));
        try {
            assertThatThrownBy(this::check)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(lie.finding)
                    .hasMessageNotContaining("signature is wrong");
        } finally {
            for (String column : List.of("manifest", "manifest_hash", "signature")) {
                set("model", column, String.valueOf(row.get(column)), id(row));
            }
        }
    }

    /** What a manifest can say that is not so. */
    enum Lie {
        /** The client of another round's update, as if one had been counted that was not. */
        ONE_INPUT_MORE("inputs in the manifest, against the reported participants") {
            @Override
            Manifest about(Manifest truth) {
                Input first = truth.inputs().get(0);
                List<Input> inputs = new ArrayList<>(truth.inputs());
                inputs.add(new Input(
                        new UUID(0, 1).toString(), first.combiner(), first.digest(), first.examples(), first.weight()));
                return with(truth, truth.model(), inputs, truth.partials());
            }
        },
        ONE_INPUT_LESS("examples of the round, against the manifest") {
            @Override
            Manifest about(Manifest truth) {
                return with(
                        truth,
                        truth.model(),
                        truth.inputs().subList(1, truth.inputs().size()),
                        truth.partials());
            }
        },
        ANOTHER_COMBINER("combiners of the inputs, against those of the partials") {
            @Override
            Manifest about(Manifest truth) {
                Digest partial = truth.partials().values().iterator().next();
                return with(truth, truth.model(), truth.inputs(), Map.of(new UUID(0, 1).toString(), partial));
            }
        },
        ANOTHER_MODEL("the model, against the reported participants' updates folded again") {
            @Override
            Manifest about(Manifest truth) {
                return with(truth, truth.inputs().get(0).digest(), truth.inputs(), truth.partials());
            }
        };

        private final String finding;

        Lie(String finding) {
            this.finding = finding;
        }

        abstract Manifest about(Manifest truth);

        private static Manifest with(Manifest truth, Digest model, List<Input> inputs, Map<String, Digest> partials) {
            return new Manifest(
                    truth.alliance(),
                    truth.session(),
                    truth.round(),
                    model,
                    truth.parent(),
                    inputs,
                    partials,
                    truth.aggregator(),
                    truth.optimizer(),
                    truth.plan(),
                    truth.computePackage(),
                    truth.selectionSeed(),
                    truth.previous());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "median", "trimmed-mean:0.34"})
    void a_session_that_kept_no_updates_is_computed_again_from_what_the_sites_have(String aggregator) {
        ObjectNode plan = Json.object()
                .put("rounds", 2)
                .put("minClients", 3)
                .put("aggregator", aggregator)
                .put("keepUpdates", false);
        SessionRun other = stage.newSession(stage.newModels(new Random(aggregator.hashCode()), 1 << 12, 2), plan);
        other.call("start");
        other.awaitFinish();
        Checker.check(stage.alliance(), other, new Receipts());

        stage.sites().get(0).update(2, new double[1 << 12]);
        assertThatThrownBy(() -> Checker.check(stage.alliance(), other, new Receipts()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("is missing");
    }

    private String keys() {
        try {
            return Files.readString(stage.federation().home().resolve("controller/keys/ed25519"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_flipped_bit_in_an_update_is_found() {
        String digest = String.valueOf(stage.federation()
                .sql(
                        "SELECT u.digest FROM model_update u JOIN round r ON r.id = u.round_id WHERE r.session_id ="
                                + " ?::uuid LIMIT 1",
                        session.id())
                .get(0)
                .get("digest"));
        Path blob = new Recomputation(stage.federation().home().resolve("controller/blobs/blobs"), Path.of(""))
                .blob(new Digest(digest));
        flip(blob);
        try {
            assertThatThrownBy(this::check).isInstanceOf(AssertionError.class).hasMessageContaining("has the SHA-256");
        } finally {
            flip(blob);
        }
    }

    private static String id(Map<String, Object> row) {
        return String.valueOf(row.get("id"));
    }

    private void check() {
        Checker.check(stage.alliance(), session, new Receipts());
    }

    private void set(String table, String column, String value, String id) {
        String type =
                column.equals("examples") || column.equals("accepted") || column.equals("weight") ? "numeric" : "text";
        try (Connection connection = stage.federation().connect();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE " + table + " SET " + column + " = ?::" + type + " WHERE id = ?::uuid")) {
            update.setString(1, value);
            update.setString(2, id);
            update.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void flip(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
