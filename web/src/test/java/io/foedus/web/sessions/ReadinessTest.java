package io.foedus.web.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReadinessTest {
    @Test
    void without_a_model_nothing_can_be_made() {
        Readiness none = new Readiness(false, true, 3, 1);
        assertThat(none.makeable()).isFalse();
        assertThatThrownBy(() -> none.require(false)).hasMessageContaining("no model");
    }

    @Test
    void too_few_clients_can_start_later_and_are_counted() {
        Readiness few = new Readiness(true, true, 1, 3);
        assertThat(few.startable()).isFalse();
        assertThatThrownBy(() -> few.require(true))
                .hasMessageContaining("1 client is attached, and each round needs at least 3");
        assertThatNoException().isThrownBy(() -> few.require(false));
    }

    @Test
    void without_a_package_clients_may_bring_their_own_code() {
        assertThat(new Readiness(true, false, 1, 1).startable()).isTrue();
    }
}
