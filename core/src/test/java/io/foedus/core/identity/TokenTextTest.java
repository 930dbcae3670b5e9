package io.foedus.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTextTest {
    private final SecureRandom random = new SecureRandom();

    @ParameterizedTest
    @EnumSource(TokenKind.class)
    void a_token_reads_back_as_it_was_written(TokenKind kind) {
        var token = TokenText.random(kind, random);

        var read = TokenText.parse(token.text()).orElseThrow();

        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.id()).isEqualTo(token.id()).hasSize(10);
        assertThat(read.secret()).isEqualTo(token.secret()).hasSize(43);
        assertThat(token.text()).matches("fds_" + kind.letters() + "_[0-9A-Za-z]{59}");
    }

    @Test
    void a_single_wrong_character_is_noticed_without_asking_anybody() {
        String text = TokenText.random(TokenKind.USER, random).text();
        for (int at = 7; at < text.length(); at++) {
            char other = text.charAt(at) == 'x' ? 'y' : 'x';
            assertThat(TokenText.parse(text.substring(0, at) + other + text.substring(at + 1)))
                    .isEmpty();
        }
    }

    @Test
    void a_token_of_one_kind_does_not_pass_for_another() {
        String text = TokenText.random(TokenKind.JOIN, random).text();

        assertThat(TokenText.parse(text.replace("fds_jt_", "fds_ua_"))).isEmpty();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "fds_ua_", "Bearer x", "fds_zz_0000000000000000000000000000000000000000000000000000000000"})
    void what_is_no_token_is_nothing(String text) {
        assertThat(TokenText.parse(text)).isEmpty();
    }

    @Test
    void printing_a_token_does_not_tell_its_secret() {
        var token = TokenText.random(TokenKind.AGENT, random);

        assertThat(token).asString().contains(token.id()).doesNotContain(token.secret());
    }
}
