package io.foedus.controller.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.clients.boundary.ClientView;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.listing.Query;
import io.foedus.controller.models.boundary.ModelFacts;
import io.foedus.controller.models.boundary.ModelView;
import io.foedus.controller.models.boundary.Models;
import io.foedus.controller.packages.boundary.PackageView;
import io.foedus.controller.packages.boundary.Packages;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.rounds.boundary.RoundView;
import io.foedus.controller.rounds.boundary.Rounds;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestController;
import io.foedus.controller.testing.TestDatabase;
import io.foedus.controller.validation.boundary.ValidationView;
import io.foedus.controller.validation.boundary.Validations;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.blobs.DirectoryBlobStore;
import io.foedus.core.round.RoundPhase;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What REST, pages and FEDn's API read of rounds, validations, models and packages: the same rows, as one record. */
class OneRowForAllTest {
    private static final UUID ALLIANCE = id(1);
    private static final UUID SESSION = id(4);
    private static final UUID ROUND = id(5);
    private static final Actor VIEWER = Actor.account(id(9), "ada", false, Map.of(ALLIANCE, Role.VIEWER), "t");

    @TempDir
    Path data;

    private final TestDatabase database = TestDatabase.migrated();
    private TestController controller;

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
                    + id(7) + "', '" + id(7)
                    + "', '{\"rounds\": 3, \"aggregator\": \"mean\", \"settings\": {}}', 3, now())",
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
        controller = new TestController(database, new SettableClock(), data)
                .with(BlobStore.class, new DirectoryBlobStore(data.resolve("blobs")));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_round_of_any_session_comes_with_its_combiners_parts() {
        Rounds rounds = controller.get(Rounds.class);
        RoundView round = rounds.ofAlliance(VIEWER, ALLIANCE, Query.first(5).where("session", SESSION.toString()))
                .items()
                .get(0);
        assertThat(round.phase()).isEqualTo(RoundPhase.TRAINING);
        assertThat(round.model()).isNull();
        assertThat(round.trainingAt()).isNull();
        assertThat(round.shares()).singleElement().satisfies(share -> {
            assertThat(share.combinerName()).isEqualTo("north");
            assertThat(share.tally().accepted()).isEqualTo(1);
            assertThat(share.timings()).containsKey("foldMillis");
        });
        assertThat(rounds.get(VIEWER, ROUND).shares()).isEqualTo(round.shares());
        assertThat(rounds.get(VIEWER, SESSION, 1).id()).isEqualTo(ROUND);
        assertThat(rounds.ofAlliance(VIEWER, ALLIANCE, Query.first(5).where("session", id(1).toString()))
                        .total())
                .isZero();
    }

    @Test
    void a_validation_names_its_client_in_both_terms() {
        Validations validations = controller.get(Validations.class);
        ValidationView listed = validations
                .list(VIEWER, ALLIANCE, Query.first(5).where("model", id(7).toString()))
                .items()
                .get(0);
        assertThat(listed.clientName()).isEqualTo("c1");
        assertThat(listed.externalId()).isEqualTo("ext-1");
        assertThat(listed.combinerName()).isEqualTo("north");
        assertThat(listed.session()).isEqualTo(SESSION);
        assertThat(listed.metrics()).containsKey("accuracy");
        assertThat(validations.one(VIEWER, ALLIANCE, id(10))).contains(listed);
        assertThat(validations.one(VIEWER, ALLIANCE, id(11))).isEmpty();
        assertThat(validations
                        .list(VIEWER, ALLIANCE, Query.first(5).where("model", id(1).toString()))
                        .total())
                .isZero();
    }

    @Test
    void a_client_is_found_by_our_id_and_by_its_own() {
        Clients clients = controller.get(Clients.class);
        ClientView client = clients.get(VIEWER, id(6));
        assertThat(client.combiner()).isEqualTo("north");
        assertThat(clients.called(VIEWER, ALLIANCE, "ext-1")).contains(client);
        assertThat(clients.called(VIEWER, ALLIANCE, id(6).toString())).contains(client);
        assertThat(clients.called(VIEWER, ALLIANCE, "c1")).isEmpty();
    }

    @Test
    void a_model_says_who_validated_it_and_what_it_came_from() {
        database.execute(
                "INSERT INTO model (id, alliance_id, parent_id, digest, size, format, created_at) VALUES ('" + id(12)
                        + "', '" + ALLIANCE + "', '" + id(7) + "', repeat('1', 64), 1, 'npz', now() + interval '1 s')");
        Models models = controller.get(Models.class);
        ModelFacts facts = models.facts(VIEWER, id(7), "accuracy");
        assertThat(facts.model().validations()).isEqualTo(1);
        assertThat(facts.model().metric("accuracy").mean()).isEqualTo(0.5);
        assertThat(facts.proof()).isNull();
        assertThat(facts.trail()).isEmpty();
        assertThat(facts.children()).extracting(ModelView::id).containsExactly(id(12));
        assertThat(models.trail(VIEWER, id(12))).extracting(ModelView::id).containsExactly(id(7));
        assertThat(models.list(VIEWER, ALLIANCE, "accuracy", Query.first(5).sortedBy("mean", true))
                        .items())
                .extracting(ModelView::id)
                .containsExactly(id(7), id(12));
        assertThat(models.list(VIEWER, ALLIANCE, Query.first(5)).items().get(1)).isEqualTo(models.get(VIEWER, id(7)));
    }

    @Test
    void a_package_says_how_many_sessions_work_with_it() {
        Packages packages = controller.get(Packages.class);
        PackageView used = packages.get(VIEWER, ALLIANCE, id(3));
        assertThat(used.sessions()).isEqualTo(1);
        assertThat(packages.list(VIEWER, ALLIANCE, Query.first(5)).items()).containsExactly(used);
        assertThat(packages.active(VIEWER, ALLIANCE)).isEmpty();
    }

    @Test
    void who_is_no_member_learns_nothing() {
        Actor stranger = Actor.account(id(9), "eve", false, Map.of(), "t");
        assertUnknown(() -> controller.get(Rounds.class).ofAlliance(stranger, ALLIANCE, Query.first(5)));
        assertUnknown(() -> controller.get(Rounds.class).get(stranger, ROUND));
        assertUnknown(() -> controller.get(Validations.class).list(stranger, ALLIANCE, Query.first(5)));
        assertUnknown(() -> controller.get(Clients.class).get(stranger, id(6)));
        assertUnknown(() -> controller.get(Models.class).facts(stranger, id(7), "accuracy"));
        assertUnknown(() -> controller.get(Sessions.class).get(stranger, SESSION));
    }

    private static void assertUnknown(ThrowingCallable look) {
        assertThatThrownBy(look)
                .isInstanceOfSatisfying(
                        Refusal.class, no -> assertThat(no.kind()).isEqualTo(Refusal.Kind.UNKNOWN));
    }

    private static UUID id(int number) {
        return new UUID(0x7000, 0x8000_0000_0000_0000L + number);
    }
}
