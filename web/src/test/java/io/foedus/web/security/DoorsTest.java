package io.foedus.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/overview", "/events?message=a+b%3A%20c&severity=WARNING", "/session?id=0199&metric=x~y"})
    void a_page_of_ours_is_led_to_with_all_that_its_address_says(String path) {
        assertThat(Doors.isOwnPage(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//example.org",
                "/\\example.org",
                "https://example.org",
                "",
                "/a b",
                "/a\nb",
                "/api/self",
                "/fedn/x"
            })
    void nothing_else_is_led_to(String path) {
        assertThat(Doors.isOwnPage(path)).isFalse();
    }
}
