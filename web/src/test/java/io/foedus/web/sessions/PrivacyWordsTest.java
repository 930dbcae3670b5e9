package io.foedus.web.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.sessions.boundary.Privacy;
import org.junit.jupiter.api.Test;

class PrivacyWordsTest {
    @Test
    void a_budget_is_never_said_to_be_smaller_than_it_is() {
        Privacy privacy = new Privacy(1.2301, 4, 1e-5, 2, 1, "ZERO_OUT");

        assertThat(PrivacyWords.budget(privacy, 10)).isEqualTo("ε = 1.24 after 1 round, 4.00 after all 10; δ = 1e-5");
    }
}
