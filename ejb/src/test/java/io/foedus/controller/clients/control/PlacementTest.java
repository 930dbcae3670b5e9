package io.foedus.controller.clients.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.combiners.entity.Combiner.Address;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private final Seat busy = seat("busy", 8, Map.of());
    private final Seat idle = seat("idle", 1, Map.of("region", "south"));
    private final Seat near = seat("near", 5, Map.of("region", "north"));
    private final Seat full = seat("full", 10, Map.of());

    private static Seat seat(String name, int attached, Map<String, Object> labels) {
        return new Seat(UUID.randomUUID(), name, new Address("h", 1, false), labels, 10, attached);
    }

    @Test
    void the_least_loaded_is_taken() {
        assertThat(new Placement(null, Set.of(), Map.of()).among(List.of(busy, idle, full)))
                .contains(idle);
    }

    @Test
    void labels_that_agree_come_before_load_and_the_preferred_before_all() {
        Map<String, Object> labels = Map.of("region", "north");
        assertThat(new Placement(null, Set.of(), labels).among(List.of(busy, idle, near)))
                .contains(near);
        assertThat(new Placement("busy", Set.of(), labels).among(List.of(busy, idle, near)))
                .contains(busy);
    }

    @Test
    void a_full_one_is_never_taken() {
        assertThat(new Placement("full", Set.of(), Map.of()).among(List.of(full)))
                .isEmpty();
    }

    @Test
    void an_excluded_one_is_taken_only_if_there_is_no_other() {
        Placement without = new Placement(null, Set.of(idle.id()), Map.of());
        assertThat(without.among(List.of(busy, idle))).contains(busy);
        assertThat(without.among(List.of(idle))).contains(idle);
    }
}
