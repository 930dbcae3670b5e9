package io.foedus.web.bodies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.refusals.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormFieldsTest {
    @Test
    void fields_are_decoded_and_repeated_ones_kept_in_order() {
        assertThat(FormFields.of("a=1&b=%C3%B6+x&a=2&empty=&bare&"))
                .containsEntry("a", List.of("1", "2"))
                .containsEntry("b", List.of("ö x"))
                .containsEntry("empty", List.of(""))
                .containsEntry("bare", List.of(""));
    }

    @Test
    void broken_encoding_is_refused() {
        assertThatThrownBy(() -> FormFields.of("a=%zz")).isInstanceOf(Refusal.class);
    }

    @Test
    void fields_without_end_are_refused() {
        assertThatThrownBy(() -> FormFields.of("a&".repeat(5_001))).isInstanceOf(Refusal.class);
    }
}
