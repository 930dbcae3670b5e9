package io.foedus.controller.alliances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.alliances.boundary.Policies;
import io.foedus.controller.alliances.entity.Policy;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.controller.sessions.entity.NewSession;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestController;
import io.foedus.controller.testing.TestDatabase;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyTest {
    private static final UUID ALLIANCE = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final UUID MODEL = UUID.fromString("00000000-0000-7000-8000-000000000002");
    private static final Actor OPERATOR = account("ada", Role.OPERATOR);
    private static final Actor MEMBER = account("grace", Role.MEMBER);

    @TempDir
    Path data;

    private final TestDatabase database = TestDatabase.migrated();
    private Policies policies;
    private Sessions sessions;

    private static Actor account(String name, Role role) {
        return Actor.account(UUID.randomUUID(), name, false, Map.of(ALLIANCE, role), "t");
    }

    @BeforeEach
    void open() throws Exception {
        String digest = "'" + "0".repeat(64) + "'";
        database.execute(
                "INSERT INTO alliance (id, name, title, created_at) VALUES ('" + ALLIANCE + "', 'a', 'A', now())");
        database.execute("INSERT INTO compute_package (id, alliance_id, name, file_name, digest, size, entry_points,"
                + " active, created_at) VALUES ('" + UUID.randomUUID() + "', '" + ALLIANCE + "', 'p', 'p.tgz', "
                + digest
                + ", 1, '{}', true, now())");
        database.execute("INSERT INTO model (id, alliance_id, digest, size, format, created_at) VALUES ('" + MODEL
                + "', '" + ALLIANCE + "', " + digest + ", 1, 'npz', now())");
        database.execute("INSERT INTO account (id, name, password_hash, created_at) VALUES ('" + OPERATOR.id()
                + "', 'ada', 'x', now())");
        TestController controller = new TestController(database, new SettableClock(), data);
        policies = controller.get(Policies.class);
        sessions = controller.get(Sessions.class);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void an_alliance_begins_with_the_usual_policy() {
        assertThat(policies.of(MEMBER, ALLIANCE)).isEqualTo(Policy.USUAL);
    }

    @Test
    void a_session_must_ask_for_as_many_clients_as_the_alliance_wants_at_least() {
        policies.set(OPERATOR, ALLIANCE, Policies.policy(5, 1_000, Role.MEMBER));
        assertThatThrownBy(() -> create(4)).isInstanceOf(Refusal.class).hasMessageContaining("at least 5 clients");
        assertThatCode(() -> create(5)).doesNotThrowAnyException();
    }

    private void create(int clients) {
        sessions.create(
                OPERATOR, ALLIANCE, new NewSession("s", null, null, null, Map.of("minClients", clients), false));
    }

    @Test
    void models_may_be_kept_to_operators() {
        policies.requireDownload(MEMBER, ALLIANCE, MODEL);
        policies.set(OPERATOR, ALLIANCE, Policies.policy(1, 1_000, Role.OPERATOR));
        assertThatThrownBy(() -> policies.requireDownload(MEMBER, ALLIANCE, MODEL))
                .isInstanceOf(Refusal.class);
        policies.requireDownload(OPERATOR, ALLIANCE, MODEL);
    }

    @Test
    void only_operators_set_a_policy_and_only_a_sensible_one() {
        assertThatThrownBy(() -> policies.set(MEMBER, ALLIANCE, Policies.policy(1, 1_000, Role.MEMBER)))
                .isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> policies.set(OPERATOR, ALLIANCE, Policies.policy(0, 1_000, Role.MEMBER)))
                .hasMessageContaining("from 1 to");
        assertThatThrownBy(() -> policies.set(OPERATOR, ALLIANCE, Policies.policy(1, 1_000, Role.VIEWER)))
                .hasMessageContaining("members or to operators");
        assertThatThrownBy(() -> Policies.policy(1, 0, Role.MEMBER))
                .hasMessageContaining("the most examples of one update are from 1 to");
    }
}
