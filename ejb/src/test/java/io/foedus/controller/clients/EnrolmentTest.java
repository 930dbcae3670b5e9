package io.foedus.controller.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.clients.boundary.Enrolment;
import io.foedus.controller.clients.boundary.JoinRequest;
import io.foedus.controller.clients.entity.Client;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestController;
import io.foedus.controller.testing.TestDatabase;
import jakarta.persistence.EntityManager;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolmentTest {
    private static final UUID ALLIANCE = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final UUID OTHER = UUID.fromString("00000000-0000-7000-8000-000000000002");
    private static final Actor JOINING = Actor.agentJoin("sites", ALLIANCE, "join");
    private static final Actor ELSEWHERE = Actor.agentJoin("sites", OTHER, "other");

    private static final Enrolment.Arrival HERE = new Enrolment.Arrival(false, "127.0.0.1");

    @TempDir
    Path data;

    private final TestDatabase database = TestDatabase.migrated();
    private final SettableClock clock = new SettableClock();
    private TestController controller;
    private Enrolment enrolment;

    @BeforeEach
    void open() throws Exception {
        for (UUID alliance : new UUID[] {ALLIANCE, OTHER}) {
            database.execute("INSERT INTO alliance (id, name, title, created_at) VALUES ('" + alliance + "', 'a-"
                    + alliance.toString().substring(35) + "', 'A', now())");
        }
        database.execute("INSERT INTO api_token (id, kind, hash, name, alliance_id, created_at) VALUES"
                + " ('join', 'JOIN', '\\x00', 'sites', '" + ALLIANCE + "', now()),"
                + " ('other', 'JOIN', '\\x00', 'sites', '" + OTHER + "', now())");
        controller = new TestController(database, clock, data);
        enrolment = controller.get(Enrolment.class);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void without_a_combiner_it_is_told_to_come_back_and_nothing_stays() {
        assertRefused(JOINING, "c1", "id-1", "NO_COMBINER");
        combiner();
        assertThat(enrol("c1", "id-1").combiner()).isEqualTo("north");
    }

    @Test
    void the_same_id_is_the_same_client_under_its_new_name() {
        combiner();
        UUID first = enrol("c1", "id-1").clientId();
        assertThat(enrol("c1", "id-1").clientId()).isEqualTo(first);
        assertThat(enrol("renamed", "id-1").clientId()).isEqualTo(first);
        assertThat(enrol("c1", "id-2").clientId()).isNotEqualTo(first);
    }

    @Test
    void nobody_renames_a_client_that_is_attached_and_its_id_still_gets_its_place() {
        combiner();
        UUID first = enrol("c1", "id-1").clientId();
        database.execute("UPDATE client SET state = 'ATTACHED'");
        assertThat(enrol("somebody", "id-1").clientId()).isEqualTo(first);
        assertThat(nameOf(first)).isEqualTo("c1");
        database.execute("UPDATE client SET state = 'DETACHED'");
        enrol("renamed", "id-1");
        assertThat(nameOf(first)).isEqualTo("renamed");
    }

    private String nameOf(UUID client) {
        return controller.transaction(() ->
                controller.get(EntityManager.class).find(Client.class, client).name());
    }

    @Test
    void a_new_id_takes_over_the_name_of_a_fedn_client_that_is_gone() throws Exception {
        combiner();
        UUID first = enrol("c1", "id-1").clientId();
        database.execute("UPDATE client SET state = 'ATTACHED'");
        assertRefused(JOINING, "c1", "id-2", "CLIENT_EXISTS");
        database.execute("UPDATE client SET state = 'DETACHED'");
        assertThat(enrol("c1", "id-2").clientId()).isEqualTo(first);
    }

    @Test
    void nobody_becomes_an_agent_this_way() throws Exception {
        combiner();
        database.execute("INSERT INTO client (id, alliance_id, name, state, created_at) VALUES ('" + UUID.randomUUID()
                + "', '" + ALLIANCE + "', 'agent-1', 'DETACHED', now())");
        assertRefused(JOINING, "agent-1", "id-1", "CLIENT_EXISTS");
    }

    @Test
    void an_id_is_one_client_over_all_alliances() {
        combiner();
        enrol("c1", "id-1");
        assertRefused(ELSEWHERE, "c1", "id-1", "CLIENT_EXISTS");
    }

    @Test
    void who_was_revoked_stays_out() throws Exception {
        combiner();
        enrol("c1", "id-1");
        database.execute("UPDATE client SET state = 'REVOKED'");
        assertRefused(JOINING, "c1", "id-1", "NOT_ALLOWED");
        assertRefused(JOINING, "c1", "id-2", "NOT_ALLOWED");
    }

    private Enrolment.Enrolled enrol(String name, String id) {
        return enrolment.enrol(JOINING, new JoinRequest(name, null, "fedn", null, id, null), HERE);
    }

    private void assertRefused(Actor actor, String name, String id, String code) {
        assertThatThrownBy(() -> enrolment.enrol(actor, new JoinRequest(name, null, "fedn", null, id, null), HERE))
                .isInstanceOfSatisfying(
                        Refusal.class, no -> assertThat(no.code()).isEqualTo(code));
    }

    private void combiner() {
        try {
            database.execute("INSERT INTO combiner (id, name, host, port, capacity, created_at, last_seen_at) VALUES ('"
                    + UUID.randomUUID() + "', 'north', '127.0.0.1', 12080, 30, now(), '" + clock.instant()
                    + "')");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
