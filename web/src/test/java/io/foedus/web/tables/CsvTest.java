package io.foedus.web.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "＝1"})
    void no_text_is_a_formula(String text) {
        assertThat(Csv.cell(text)).startsWith(text.contains("\"") ? "\"'" : "'");
    }

    @Test
    void numbers_stay_numbers() {
        assertThat(Csv.cell(-1.5)).isEqualTo("-1.5");
        assertThat(Csv.cell("-1.5e-3")).isEqualTo("-1.5e-3");
    }

    @Test
    void quotes_commas_and_line_ends_are_quoted() {
        assertThat(Csv.cell("a,\"b\"\nc")).isEqualTo("\"a,\"\"b\"\"\nc\"");
        assertThat(Csv.cell(null)).isEmpty();
    }

    @Test
    void a_file_has_titles_and_a_line_per_row() throws IOException {
        StringWriter out = new StringWriter();
        new Csv<String>()
                .column("name", row -> row)
                .column("size", String::length)
                .write(Stream.of("a", "=b"), out);
        assertThat(out).hasToString("name,size\r\na,1\r\n'=b,2\r\n");
    }
}
