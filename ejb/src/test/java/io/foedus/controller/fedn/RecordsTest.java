package io.foedus.controller.fedn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.fedn.boundary.Records;
import io.foedus.controller.fedn.boundary.RoundRecord;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.listing.Query;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestController;
import io.foedus.controller.testing.TestDatabase;
import io.foedus.core.round.RoundPhase;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsTest {
    private static final UUID ALLIANCE = id(1);
    private static final UUID SESSION = id(4);
    private static final UUID ROUND = id(5);
    private static final Actor VIEWER = Actor.account(id(9), "ada", false, Map.of(ALLIANCE, Role.VIEWER), "t");

    @TempDir
    Path data;

    private final TestDatabase database = TestDatabase.migrated();
    private Records records;

    @BeforeEach
    void open() throws Exception {
        String digest = "'" + "0".repeat(64) + "'";
        for (String sql : new String[] {
            "INSERT INTO alliance (id, name, title, created_at) VALUES ('" + ALLIANCE + "', 'a', 'A', now())",
            "INSERT INTO combiner (id, name, host, port, capacity, created_at, last_seen_at) VALUES ('" + id(2)
                    + "', 'north', 'h', 1, 9, now(), now())",
            "INSERT INTO client (id, alliance_id, name, external_id, combiner_id, created_at) VALUES ('" + id(6)
                    + "', '" + ALLIANCE + "', 'c1', 'ext-1', '" + id(2) + "', now())",
            "INSERT INTO compute_package (id, alliance_id, name, file_name, digest, size, entry_points, created_at) VALUES"
                    + " ('" + id(3) + "', '" + ALLIANCE + "', 'p', 'p.tgz', " + digest + ", 1, '{}', now())",
            "INSERT INTO model (id, alliance_id, digest, size, format, created_at) VALUES ('" + id(7) + "', '"
                    + ALLIANCE + "', " + digest + ", 1, 'npz', now())",
            "INSERT INTO session (id, alliance_id, name, state, package_id, seed_model_id, model_id, plan, rounds_planned,"
                    + " created_at) VALUES ('" + SESSION + "', '" + ALLIANCE + "', 's', 'RUNNING', '" + id(3) + "', '"
                    + id(7) + "', '" + id(7) + "', '{\"rounds\": 3}', 3, now())",
            "INSERT INTO round (id, session_id, number, phase, base_model_id, selection_seed, created_at) VALUES ('"
                    + ROUND + "', '" + SESSION + "', 1, 'TRAINING', '" + id(7) + "', 1, now())",
            "INSERT INTO share (id, round_id, combiner_id, kind, phase, epoch, target, expected, accepted, timings,"
                    + " offered_at, reported_at) VALUES ('" + id(8) + "', '" + ROUND + "', '" + id(2)
                    + "', 'TRAIN', 'REPORTED', 1, 2, 2, 1, '{\"foldMillis\": 5}', now() - interval '3 s', now())",
            "INSERT INTO validation (id, alliance_id, model_id, client_id, session_id, round_id, metrics, received_at)"
                    + " VALUES ('" + id(10) + "', '" + ALLIANCE + "', '" + id(7) + "', '" + id(6) + "', '" + SESSION
                    + "', '" + ROUND + "', '{\"accuracy\": 0.5}', now())"
        }) {
            database.execute(sql);
        }
        records = new TestController(database, new SettableClock(), data).get(Records.class);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_round_comes_with_its_plan_and_its_combiners_parts() {
        RoundRecord round = records.rounds(VIEWER, ALLIANCE, Query.first(5).where("session", SESSION.toString()))
                .items()
                .get(0);
        assertThat(round.phase()).isEqualTo(RoundPhase.TRAINING);
        assertThat(round.model()).isNull();
        assertThat(round.times().training()).isNull();
        assertThat(round.plan().rounds()).isEqualTo(3);
        assertThat(round.shares()).singleElement().satisfies(share -> {
            assertThat(share.combiner()).isEqualTo("north");
            assertThat(share.accepted()).isEqualTo(1);
            assertThat(share.seconds()).isEqualTo(3);
            assertThat(share.timings()).containsKey("foldMillis");
        });
    }

    @Test
    void a_validation_names_its_client() {
        assertThat(records.validations(VIEWER, ALLIANCE, Query.first(5).where("model", id(7).toString()))
                        .items())
                .singleElement()
                .satisfies(validation -> {
                    assertThat(validation.clientName()).isEqualTo("c1");
                    assertThat(validation.externalId()).isEqualTo("ext-1");
                    assertThat(validation.combiner()).isEqualTo("north");
                    assertThat(validation.metrics()).containsKey("accuracy");
                });
        assertThat(records.validations(VIEWER, ALLIANCE, Query.first(5).where("model", id(1).toString()))
                        .total())
                .isZero();
    }

    @Test
    void who_is_no_member_learns_nothing() {
        Actor stranger = Actor.account(id(9), "eve", false, Map.of(), "t");
        assertThatThrownBy(() -> records.rounds(stranger, ALLIANCE, Query.first(5)))
                .isInstanceOfSatisfying(
                        Refusal.class, no -> assertThat(no.kind()).isEqualTo(Refusal.Kind.UNKNOWN));
    }

    private static UUID id(int number) {
        return new UUID(0x7000, 0x8000_0000_0000_0000L + number);
    }
}
