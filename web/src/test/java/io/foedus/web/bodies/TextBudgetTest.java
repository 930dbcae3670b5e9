package io.foedus.web.bodies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.refusals.Refusal;
import org.junit.jupiter.api.Test;

class TextBudgetTest {
    private final TextBudget budget = new TextBudget(100);

    @Test
    void what_does_not_fit_is_told_to_come_again() {
        budget.held("a").add(50);
        budget.held("b").add(49);

        assertThatThrownBy(() -> budget.held("c").add(2)).isInstanceOfSatisfying(Refusal.class, no -> {
            assertThat(no.kind()).isEqualTo(Refusal.Kind.UNAVAILABLE);
            assertThat(no.retryAfter()).isPresent();
        });
        assertThatNoException().isThrownBy(() -> budget.held("c").add(1));
    }

    @Test
    void one_address_gets_half() {
        budget.held("a").add(50);

        assertThatThrownBy(() -> budget.held("a").add(1)).isInstanceOf(Refusal.class);
    }

    @Test
    void what_was_held_is_free_again_once() {
        TextBudget.Held first = budget.held("a");
        first.add(20);
        first.add(30);
        first.close();
        first.close();

        budget.held("a").add(50);
        assertThatThrownBy(() -> budget.held("a").add(1)).isInstanceOf(Refusal.class);
    }
}
