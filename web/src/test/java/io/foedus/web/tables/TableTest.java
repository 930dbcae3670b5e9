package io.foedus.web.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Map<String, String> ADDRESS =
            Map.of("alliance", "digits", "tab", "clients", "name", "site", "state", "", "from", "50", "evil", "x");

    private final List<Query> asked = new ArrayList<>();

    private Page<String> page(Query query) {
        asked.add(query);
        return new Page<>(List.of("a", "b"), null, 2);
    }

    @Test
    void filters_and_place_come_from_the_address_and_lead_back_to_it() {
        Table<String> table = new Table<>(this::page, row -> row, ADDRESS, List.of("name", "state"));

        assertThat(table.getFrom()).isEqualTo(50);
        assertThat(table.getFilters()).containsExactly(Map.entry("name", "site"));
        assertThat(table.count(Map.of())).isEqualTo(2);
        assertThat(asked.get(0).filters()).containsExactly(Map.entry("name", "site"));
        assertThat(table.address()).isEqualTo("alliance=digits&tab=clients&name=site");
    }

    @Test
    void an_export_has_all_pages() {
        Table<String> table = new Table<>(
                query -> new Page<>(List.of(String.valueOf(query.offset())), query.offset() < 2 ? "more" : null, 3),
                row -> row,
                Map.of(),
                List.of());

        assertThat(table.all()).containsExactly("0", "1", "2");
    }
}
