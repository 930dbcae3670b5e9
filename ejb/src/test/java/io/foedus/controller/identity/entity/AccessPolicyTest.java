package io.foedus.controller.identity.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.refusals.Refusal;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AccessPolicyTest {
    private static final UUID OURS = UUID.randomUUID();
    private static final UUID THEIRS = UUID.randomUUID();

    private static Actor account(boolean admin, Map<UUID, Role> roles) {
        return Actor.account(UUID.randomUUID(), "ada", admin, roles, null);
    }

    private static Set<Action> granted(Actor actor, UUID alliance) {
        var granted = EnumSet.noneOf(Action.class);
        for (Action action : Action.values()) {
            if (AccessPolicy.permits(actor, action, alliance)) {
                granted.add(action);
            }
        }
        return granted;
    }

    @Test
    void each_role_may_exactly_what_the_table_says() {
        assertThat(granted(account(true, Map.of()), OURS))
                .containsExactlyInAnyOrder(
                        Action.READ, Action.DOWNLOAD_MODEL, Action.OPERATE, Action.ADMINISTER, Action.OWN);
        assertThat(granted(account(false, Map.of(OURS, Role.OPERATOR)), OURS))
                .containsExactlyInAnyOrder(Action.READ, Action.DOWNLOAD_MODEL, Action.OPERATE, Action.OWN);
        assertThat(granted(account(false, Map.of(OURS, Role.MEMBER)), OURS))
                .containsExactlyInAnyOrder(Action.READ, Action.DOWNLOAD_MODEL, Action.OWN);
        assertThat(granted(account(false, Map.of(OURS, Role.VIEWER)), OURS))
                .containsExactlyInAnyOrder(Action.READ, Action.OWN);
        assertThat(granted(Actor.agent(UUID.randomUUID(), "site-1", OURS, "t"), OURS))
                .containsExactly(Action.ATTEND);
        assertThat(granted(Actor.agentJoin("join", OURS, "t"), OURS)).containsExactly(Action.JOIN_AS_CLIENT);
        assertThat(granted(Actor.combiner(UUID.randomUUID(), "north", "t"), OURS))
                .containsExactly(Action.COMBINE);
        assertThat(granted(Actor.combinerJoin("join", "t"), OURS)).containsExactly(Action.JOIN_AS_COMBINER);
    }

    @Test
    void nobody_but_an_admin_has_anything_in_a_foreign_alliance() {
        assertThat(granted(account(false, Map.of(OURS, Role.OPERATOR)), THEIRS)).containsExactly(Action.OWN);
        assertThat(granted(Actor.agent(UUID.randomUUID(), "site-1", OURS, "t"), THEIRS))
                .isEmpty();
        assertThat(granted(Actor.agentJoin("join", OURS, "t"), THEIRS)).isEmpty();
    }

    @Test
    void a_foreign_object_is_unknown_and_a_visible_one_forbidden() {
        var viewer = account(false, Map.of(OURS, Role.VIEWER));

        assertThatThrownBy(() -> AccessPolicy.require(viewer, Action.OPERATE, THEIRS, "session", "s1"))
                .extracting(refusal -> ((Refusal) refusal).kind())
                .isEqualTo(Refusal.Kind.UNKNOWN);
        assertThatThrownBy(() -> AccessPolicy.require(viewer, Action.OPERATE, OURS, "session", "s1"))
                .extracting(refusal -> ((Refusal) refusal).kind())
                .isEqualTo(Refusal.Kind.FORBIDDEN);
    }
}
