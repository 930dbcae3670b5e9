package io.foedus.combiner.collection.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.SelectionKind;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecruiterTest {
    private final Seat native_ = agent("hospitals", false);
    private final Seat own = agent("hospitals", true);
    private final Seat stranger = agent("banks", true);

    @Test
    void with_a_package_everybody_of_the_alliance_can_be_asked() {
        assertThat(eligible(order("1".repeat(64)))).containsExactly(native_, own);
    }

    @Test
    void without_a_package_only_those_that_bring_their_own_program_are_asked() {
        assertThat(eligible(order(null))).containsExactly(own);
    }

    private List<Seat> eligible(Order order) {
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

    private static Seat agent(String alliance, boolean bringsProgram) {
        return new Seat(UUID.randomUUID(), UUID.randomUUID(), alliance, Map.of(), bringsProgram, Set.of());
    }
}
