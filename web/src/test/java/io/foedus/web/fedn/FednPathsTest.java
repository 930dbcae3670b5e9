package io.foedus.web.fedn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FednPathsTest {
    @Test
    void the_double_slash_of_the_client_is_mended() {
        assertThat(FednPaths.mended("//api/v1/packages/download", "main"))
                .contains("/fedn/main/api/v1/packages/download");
        assertThat(FednPaths.mended("/fedn/north//api/v1/packages/checksum", "main"))
                .contains("/fedn/north/api/v1/packages/checksum");
    }

    @Test
    void without_an_alliance_the_default_one_is_meant() {
        assertThat(FednPaths.mended("/api/v1/models", "main")).contains("/fedn/main/api/v1/models");
        assertThat(FednPaths.mended("/get_controller_status", "main")).contains("/fedn/main/get_controller_status");
    }

    @Test
    void the_slash_that_status_get_forgets_is_put_in() {
        assertThat(FednPaths.mended("/api/v1/statuses42", "main")).contains("/fedn/main/api/v1/statuses/42");
        assertThat(FednPaths.mended("/fedn/n/api/v1/statuses42", "main")).contains("/fedn/n/api/v1/statuses/42");
    }

    @Test
    void what_is_fine_or_none_of_its_business_is_left_alone() {
        assertThat(FednPaths.mended("/fedn/north/api/v1/models/", "main")).isEmpty();
        assertThat(FednPaths.mended("/api/alliances/v1", "main")).isEmpty();
        assertThat(FednPaths.mended("/api//alliances", "main")).isEmpty();
        assertThat(FednPaths.mended("/login.xhtml", "main")).isEmpty();
    }
}
