package io.foedus.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
    private static final String ESC = "\u001b";

    @Test
    void what_steers_a_terminal_or_begins_a_line_is_written_as_its_escape() {
        assertThat(Printable.line("a\r\nINFO all is well " + ESC + "[2J\u0000", 100))
                .isEqualTo("a\\r\\nINFO all is well \\u001b[2J\\u0000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u007f", "\u0085", "\u2028", "\u202e", "\u2066", "\u200f", "\ud800", "\udc00x"})
    void every_kind_of_character_that_does_not_print_is_found(String text) {
        assertThat(Printable.is(text)).isFalse();
        assertThat(Printable.is(Printable.line(text, 10))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"loss", "précision", "精度", "👩\u200d🔬", "a\\nb"})
    void what_prints_stays_as_it_is(String text) {
        assertThat(Printable.line(text, 100)).isEqualTo(text);
    }

    @Test
    void the_end_of_a_log_keeps_its_lines_and_loses_its_beginning() {
        assertThat(Printable.tail("first\r\nsecond\tx" + ESC + "[0m\n", 100)).isEqualTo("first\nsecond\tx\\u001b[0m\n");
        assertThat(Printable.tail("0123456789", 4)).isEqualTo("6789");
    }

    @Test
    void a_long_line_ends_with_an_ellipsis() {
        assertThat(Printable.line("0123456789", 4)).isEqualTo("0123…");
    }

    @Test
    void texts_and_names_inside_of_a_value_become_printable() {
        assertThat(Printable.value(Map.of("a\u0000", List.of("b\u001b", 1)), 100))
                .isEqualTo(Map.of("a\\u0000", List.of("b\\u001b", 1)));
    }
}
