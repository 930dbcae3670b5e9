package io.foedus.controller.alliances;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.foedus.controller.alliances.boundary.Alliances;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestController;
import io.foedus.controller.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndOfAllianceTest {
    private static final String DIGEST = "'" + "0".repeat(64) + "'";

    @Test
    void an_alliance_goes_with_rounds_and_models_that_refer_to_each_other(@TempDir Path data) throws Exception {
        try (TestDatabase database = TestDatabase.migrated()) {
            database.execute(
                    "INSERT INTO alliance (id, name, title, created_at) VALUES (" + id(1) + ", 'a', 'A', now())");
            database.execute(
                    "INSERT INTO compute_package (id, alliance_id, name, file_name, digest, size, entry_points,"
                            + " active, created_at) VALUES (" + id(2) + ", " + id(1) + ", 'p', 'p.tgz', " + DIGEST
                            + ", 1, '{}', true, now())");
            model(database, 3, "NULL", "NULL", "NULL");
            database.execute(
                    "INSERT INTO session (id, alliance_id, name, state, package_id, seed_model_id, model_id, plan,"
                            + " rounds_planned, created_at) VALUES (" + id(4) + ", " + id(1) + ", 's', 'FINISHED', "
                            + id(2)
                            + ", " + id(3) + ", " + id(3) + ", '{}', 2, now())");
            for (int i = 0; i < 2; i++) {
                database.execute("INSERT INTO round (id, session_id, number, phase, base_model_id, selection_seed,"
                        + " created_at) VALUES (" + id(5 + 2 * i) + ", " + id(4) + ", " + (i + 1) + ", 'COMPLETED', "
                        + id(i == 0 ? 3 : 6) + ", 1, now())");
                model(database, 6 + 2 * i, id(i == 0 ? 3 : 6), id(4), id(5 + 2 * i));
                database.execute("UPDATE round SET model_id = " + id(6 + 2 * i) + " WHERE id = " + id(5 + 2 * i));
            }
            database.execute("UPDATE session SET model_id = " + id(8) + ", best_model_id = " + id(6));
            Alliances alliances = new TestController(database, new SettableClock(), data).get(Alliances.class);

            assertThatCode(() -> alliances.delete(Actor.SYSTEM, "a")).doesNotThrowAnyException();
        }
    }

    private static void model(TestDatabase database, int number, String parent, String session, String round)
            throws Exception {
        database.execute("INSERT INTO model (id, alliance_id, parent_id, session_id, round_id, digest, size, format,"
                + " created_at) VALUES (" + id(number) + ", " + id(1) + ", " + parent + ", " + session + ", " + round
                + ", " + DIGEST + ", 1, 'npz', now())");
    }

    private static String id(int number) {
        return "'00000000-0000-7000-8000-00000000000" + number + "'";
    }
}
