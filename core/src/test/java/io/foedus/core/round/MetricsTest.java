package io.foedus.core.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.json.JsonException;
import io.foedus.core.round.Metrics.Reading;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTest {
    @Test
    void numbers_texts_flags_lists_and_objects_are_kept() {
        Reading reading = Metrics.parse(
                "{\"loss\": 0.25, \"steps\": 12, \"note\": \"two\\nlines\", \"done\": true, \"curve\": [1, 0.5],"
                        + " \"per_class\": {\"cat\": 0.5}, \"nothing\": null}");

        assertThat(reading.complaint()).isEmpty();
        assertThat(reading.metrics().numbers()).isEqualTo(Map.of("loss", 0.25, "steps", 12.0));
        assertThat(reading.metrics().values())
                .containsEntry("note", "two\nlines")
                .containsEntry("done", true)
                .containsEntry("curve", List.of(1.0, 0.5))
                .containsEntry("per_class", Map.of("cat", 0.5))
                .doesNotContainKey("nothing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"good\": 1, \"bad\": NaN}",
                "{\"good\": 1, \"bad\": Infinity}",
                "{\"good\": 1, \"bad\": -Infinity}",
                "{\"good\": 1, \"bad\": 1e400}",
                "{\"good\": 1, \"bad\": -1e101}",
                "{\"good\": 1, \"bad\": [1, NaN]}",
                "{\"good\": 1, \"bad\": {\"x\\u0000\": 1}}",
                "{\"good\": 1, \"bad\": [[[[[[[[[[1]]]]]]]]]]}"
            })
    void an_entry_that_is_none_is_left_out_by_name_and_the_others_count(String json) {
        Reading reading = Metrics.parse(json);

        assertThat(reading.metrics().values()).isEqualTo(Map.of("good", 1.0));
        assertThat(reading.complaint())
                .hasValueSatisfying(said -> assertThat(said).contains("'bad'"));
    }

    @Test
    void a_name_that_cannot_be_stored_or_read_is_none() {
        Reading reading =
                Metrics.read(Map.of("a\u0000b", 1, " ", 2, "x".repeat(101), 3, "\u001b[31mred", 4, "x".repeat(100), 5));

        assertThat(reading.metrics().numbers()).isEqualTo(Map.of("x".repeat(100), 5.0));
        assertThat(reading.dropped())
                .hasSize(4)
                .anySatisfy(said -> assertThat(said).contains("'a\\u0000b'"));
    }

    @Test
    void of_seventy_thousand_names_the_first_two_hundred_count() {
        Map<String, Object> many = new LinkedHashMap<>();
        for (int i = 0; i < 70_000; i++) {
            many.put("m" + i, i);
        }

        Reading reading = Metrics.read(many);

        assertThat(reading.metrics().numbers()).hasSize(Metrics.MOST).containsEntry("m199", 199.0);
        assertThat(reading.complaint())
                .hasValueSatisfying(said ->
                        assertThat(said).contains("69800 beyond the first 200").hasSizeLessThan(2_000));
    }

    @Test
    void the_rest_beside_numbers_is_bounded_as_a_whole() {
        Reading reading = Metrics.read(new LinkedHashMap<>(Map.of(
                "report", "x".repeat(40_000), "again", "y".repeat(40_000), "list", Collections.nCopies(40_000, 1))));

        assertThat(reading.metrics().values()).hasSize(1);
        assertThat(reading.dropped()).hasSize(2);
    }

    @Test
    void a_number_nearer_to_zero_than_squares_can_be_is_zero() {
        assertThat(Metrics.numbers(Map.of("tiny", new BigDecimal("1e-400"), "small", 1e-99)))
                .isEqualTo(Map.of("tiny", 0.0, "small", 1e-99));
    }

    @Test
    void a_number_of_a_billion_digits_is_answered_at_once() {
        assertThat(Metrics.read(Map.of("huge", new BigDecimal("1e1000000000"))).dropped())
                .containsExactly("'huge' is not finite");
    }

    @Test
    void what_is_no_object_is_refused() {
        assertThatThrownBy(() -> Metrics.parse("[1]")).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> new Metrics(Map.of("loss", Double.NaN))).hasMessageContaining("'loss' is NaN");
    }
}
