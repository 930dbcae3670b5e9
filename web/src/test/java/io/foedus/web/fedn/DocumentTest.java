package io.foedus.web.fedn;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentTest {
    @Test
    void numbers_keep_their_fraction_however_the_database_gave_them() {
        var document = new Document().with("metrics", Map.of("accuracy", new BigDecimal("0.875")));
        assertThat(document.json()).hasToString("{\"metrics\":{\"accuracy\":0.875}}");
    }

    @Test
    void what_is_no_number_in_JSON_is_null() {
        assertThat(new Document().with("loss", Double.NaN).json()).hasToString("{\"loss\":null}");
    }

    @Test
    void instants_are_HTTP_dates() {
        assertThat(new Document().with("at", Instant.EPOCH).json())
                .hasToString("{\"at\":\"Thu, 01 Jan 1970 00:00:00 GMT\"}");
    }
}
