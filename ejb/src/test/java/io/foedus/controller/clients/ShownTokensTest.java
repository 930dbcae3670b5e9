package io.foedus.controller.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.identity.boundary.Tokens;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestController;
import io.foedus.controller.testing.TestDatabase;
import io.foedus.core.identity.TokenKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a combiner hears about a token that a FEDn client sends with its calls. */
class ShownTokensTest {
    private static final UUID ALLIANCE = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final Actor OPERATOR =
            Actor.account(UUID.randomUUID(), "op", false, Map.of(ALLIANCE, Role.OPERATOR), null);
    private static final Actor COMBINER = Actor.combiner(UUID.randomUUID(), "north", "cb");

    @TempDir
    Path data;

    private final TestDatabase database = TestDatabase.migrated();
    private final SettableClock clock = new SettableClock();
    private Tokens tokens;
    private Clients clients;

    @BeforeEach
    void open() throws Exception {
        database.execute("INSERT INTO alliance (id, name, title, created_at) VALUES ('" + ALLIANCE
                + "', 'hospitals', 'H', now())");
        database.execute("INSERT INTO account (id, name, password_hash, created_at) VALUES ('" + OPERATOR.id()
                + "', 'op', 'x', now())");
        TestController controller = new TestController(database, clock, data);
        tokens = controller.get(Tokens.class);
        clients = controller.get(Clients.class);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_join_token_names_its_alliance() {
        assertThat(clients.byJoinToken(COMBINER, token(TokenKind.JOIN)).alliance())
                .isEqualTo("hospitals");
    }

    @Test
    void nothing_else_counts() {
        assertUnknown("nonsense");
        assertUnknown(null);
        assertUnknown(token(TokenKind.USER));
        String expired = token(TokenKind.JOIN);
        clock.advance(Duration.ofDays(364));
        assertUnknown(expired);
    }

    @Test
    void nobody_but_a_combiner_may_ask() {
        String token = token(TokenKind.JOIN);
        assertThatThrownBy(() -> clients.byJoinToken(OPERATOR, token))
                .isInstanceOfSatisfying(
                        Refusal.class, no -> assertThat(no.code()).isEqualTo("NOT_ALLOWED"));
    }

    private String token(TokenKind kind) {
        UUID alliance = kind == TokenKind.JOIN ? ALLIANCE : null;
        return tokens.create(OPERATOR, new Tokens.Wish(kind, "sites", alliance, null, null))
                .token();
    }

    private void assertUnknown(String token) {
        assertThatThrownBy(() -> clients.byJoinToken(COMBINER, token))
                .isInstanceOfSatisfying(
                        Refusal.class, no -> assertThat(no.code()).isEqualTo("UNKNOWN_JOIN_TOKEN"));
    }
}
