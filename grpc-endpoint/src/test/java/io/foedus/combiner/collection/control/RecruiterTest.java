package io.foedus.combiner.collection.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.agents.entity.AgentChannel;
import io.foedus.combiner.agents.entity.AgentPrincipal;
import io.foedus.combiner.agents.entity.TaskOffer;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.SelectionKind;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecruiterTest {
    private final Agent native_ = agent("hospitals", false);
    private final Agent own = agent("hospitals", true);
    private final Agent stranger = agent("banks", true);

    @Test
    void with_a_package_everybody_of_the_alliance_can_be_asked() {
        assertThat(eligible(order("1".repeat(64)))).containsExactly(native_, own);
    }

    @Test
    void without_a_package_only_those_that_bring_their_own_program_are_asked() {
        assertThat(eligible(order(null))).containsExactly(own);
    }

    private List<Agent> eligible(Order order) {
        return Recruiter.eligible(order, List.of(native_, own, stranger), taken -> false);
    }

    private static Order order(@Nullable String computePackage) {
        return new Order(
                UUID.randomUUID(),
                TaskKind.TRAIN,
                UUID.randomUUID(),
                1,
                UUID.randomUUID(),
                "hospitals",
                null,
                1,
                new Order.Model(UUID.randomUUID(), "0".repeat(64), 1, "npz"),
                computePackage,
                new Order.Policy(1, 0, 1000, 1000),
                new Order.Select(SelectionKind.ALL, 0, 0, Map.of(), List.of()),
                "mean",
                RoundMode.SYNCHRONOUS,
                0,
                Map.of(),
                false,
                0,
                1000);
    }

    private static Agent agent(String alliance, boolean bringsProgram) {
        AgentPrincipal who = new AgentPrincipal(UUID.randomUUID(), alliance, "c", Instant.MAX);
        return new Agent(who, "test", Map.of(), null, Set.of(), new Silent(bringsProgram), Instant.EPOCH);
    }

    /** Nobody talks to it here. */
    private record Silent(boolean bringsProgram) implements AgentChannel {
        @Override
        public void offer(TaskOffer task) {}

        @Override
        public void cancel(UUID task, String reason) {}

        @Override
        public void receipt(UUID task, Fate fate, @Nullable String reason) {}

        @Override
        public void reassign(String reason, Duration delay) {}

        @Override
        public void close(Ending why, String detail) {}
    }
}
