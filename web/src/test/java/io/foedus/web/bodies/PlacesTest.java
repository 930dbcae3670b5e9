package io.foedus.web.bodies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private final Places places = new Places(4, 2, 3);

    @Test
    void callers_that_nobody_knows_leave_places_for_the_others() {
        assertThat(places.take(false, "a")).isPresent();
        assertThat(places.take(false, "b")).isPresent();

        assertThat(places.take(false, "c")).isEmpty();
        assertThat(places.take(true, "c")).isPresent();
        assertThat(places.take(true, "d")).isPresent();
        assertThat(places.take(true, "e")).isEmpty();
    }

    @Test
    void one_address_that_nobody_knows_does_not_shut_the_door_to_the_others() {
        Places many = new Places(40, 16, 20);
        for (int i = 0; i < 4; i++) {
            assertThat(many.take(false, "a")).isPresent();
        }

        assertThat(many.take(false, "a")).isEmpty();
        assertThat(many.take(false, "b")).isPresent();
        assertThat(many.take(true, "a")).isPresent();
    }

    @Test
    void one_address_does_not_get_them_all() {
        for (int i = 0; i < 3; i++) {
            assertThat(places.take(true, "a")).isPresent();
        }

        assertThat(places.take(true, "a")).isEmpty();
        assertThat(places.take(true, "b")).isPresent();
    }

    @Test
    void a_place_that_is_given_back_twice_counts_once() {
        Optional<Runnable> first = places.take(false, "a");
        places.take(false, "b");

        first.orElseThrow().run();
        first.orElseThrow().run();

        assertThat(places.take(false, "a")).isPresent();
        assertThat(places.take(false, "c")).isEmpty();
    }
}
