package io.foedus.web.problems;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.refusals.Refusal;
import jakarta.json.JsonException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonShapeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[null] | '0'",
                "{\"metrics\":[null]} | 'metrics/0'",
                "{\"plan\":[1,[2,{\"a\":null},null]]} | 'plan/1/2'",
                "{\"a\":{\"b\":[1,2,null]},\"c\":[]} | 'a/b/2'"
            })
    void a_null_in_a_list_is_named_by_its_place(String body, String place) {
        assertThatThrownBy(() -> require(body)).isInstanceOf(Refusal.class).hasMessageContaining("'" + place + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "12", "null", "{\"a\":null,\"b\":[[],{}]}"})
    void everything_else_is_for_the_call_to_judge(String body) {
        assertThatCode(() -> require(body)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1,", "{\"x\":{", "nul"})
    void what_does_not_end_is_no_json(String body) {
        assertThatThrownBy(() -> require(body)).isInstanceOf(JsonException.class);
    }

    @Test
    void nesting_has_an_end() {
        assertThatThrownBy(() -> require("[".repeat(100_000)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("100");
    }

    private static void require(String body) {
        JsonShape.require(body.getBytes(StandardCharsets.UTF_8));
    }
}
