package io.foedus.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.models.Digest;
import io.foedus.federation.SessionRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checker itself: each fault planted in what a good session left behind is found. */
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
        "model_update, fate, LATE, against the ledger",
        "model_update, examples, 7, inputs in the manifest",
        "model_update, weight, 7, inputs in the manifest",
        "participation, state, LOST, against the ledger",
        "participation, state, CLAIMED, claims that never ended",
        "share, examples, 7, examples of a share",
        "share, accepted, 2, accepted updates of a share",
        "round, examples, 7, examples of the round"
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
