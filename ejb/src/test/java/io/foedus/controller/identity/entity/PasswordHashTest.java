package io.foedus.controller.identity.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.refusals.Refusal;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    private final SecureRandom random = new SecureRandom();

    @Test
    void a_password_matches_its_own_hash_and_no_other() {
        String hash = PasswordHash.of("correct horse".toCharArray(), random);

        assertThat(PasswordHash.matches("correct horse".toCharArray(), hash)).isTrue();
        assertThat(PasswordHash.matches("correct horsf".toCharArray(), hash)).isFalse();
        assertThat(PasswordHash.matches("correct horse".toCharArray(), PasswordHash.ofNobody()))
                .isFalse();
    }

    @Test
    void the_hash_names_its_cost_and_is_salted() {
        assertThat(PasswordHash.of("correct horse".toCharArray(), random))
                .startsWith("pbkdf2-sha256$600000$")
                .isNotEqualTo(PasswordHash.of("correct horse".toCharArray(), random));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "password123", "1234567890", "aaaaaaaaaaaa", "ada-ada123", "Administrator1"})
    void what_is_tried_first_is_refused(String password) {
        assertThatThrownBy(() -> PasswordRule.check("adaada", password))
                .isInstanceOf(Refusal.class)
                .extracting(refusal -> ((Refusal) refusal).code())
                .isEqualTo("WEAK_PASSWORD");
    }

    @Test
    void a_long_one_without_any_digit_is_fine() {
        PasswordRule.check("ada", "gravel tulip under oboe");
    }
}
