package io.foedus.controller.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.testing.TestDatabase;
import io.foedus.controller.testing.Transactions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListingTest {
    private static final Listing<String> NAMES = Listing.of("a.name, a.title", "alliance a", "", row -> row.text(0))
            .orderedBy("a.name")
            .text("title", "a.title")
            .exact("name", "a.name");

    private final TestDatabase database = TestDatabase.migrated();
    private final Transactions transactions = new Transactions(database.factory());

    @BeforeEach
    void fill() {
        for (String name : List.of("ada", "bob", "cy", "dee", "eve")) {
            database.execute("INSERT INTO alliance (id, name, title, created_at) VALUES (gen_random_uuid(), '" + name
                    + "', '" + name.toUpperCase(java.util.Locale.ROOT) + " 10%', now())");
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Page<String> page(Query query) throws Exception {
        return transactions.requiresNew(() -> NAMES.page(transactions.entities(), query, Map.of()));
    }

    @Test
    void cursors_lead_through_all_pages() throws Exception {
        Page<String> first = page(Query.page(2, null));
        Page<String> second = page(Query.page(2, first.next()));
        Page<String> third = page(Query.page(2, second.next()));
        assertThat(first.items()).containsExactly("ada", "bob");
        assertThat(second.items()).containsExactly("cy", "dee");
        assertThat(third.items()).containsExactly("eve");
        assertThat(third.next()).isNull();
        assertThat(first.total()).isEqualTo(5);
    }

    @Test
    void texts_are_found_by_a_part_and_wildcards_are_only_letters() throws Exception {
        assertThat(page(Query.first(9).where("title", "e")).items()).containsExactly("dee", "eve");
        assertThat(page(Query.first(9).where("title", "%")).total()).isEqualTo(5);
        assertThat(page(Query.first(9).where("title", "_")).total()).isZero();
        assertThat(page(new Query(0, 9, "title", true, Map.of())).items().get(0))
                .isEqualTo("eve");
    }

    @Test
    void one_row_is_read_by_its_key_and_lookups_are_left_out_of_counts_only() throws Exception {
        Listing<String> titled = Listing.of("a.name, t.title", "alliance a", """
                        JOIN (SELECT name, title FROM alliance) t ON t.name = a.name
                        """, row -> row.text(1))
                .text("title", "t.title")
                .orderedBy("a.name");
        Listing<String> one = titled.where("a.name = :name");
        assertThat(transactions.requiresNew(() -> one.one(transactions.entities(), Map.of("name", "cy"))))
                .contains("CY 10%");
        assertThat(transactions.requiresNew(() -> one.one(transactions.entities(), Map.of("name", "nobody"))))
                .isEmpty();
        assertThat(transactions.requiresNew(() -> titled.first(transactions.entities(), 2, Map.of())))
                .containsExactly("ADA 10%", "BOB 10%");
        Page<String> filtered = transactions.requiresNew(
                () -> titled.page(transactions.entities(), Query.first(9).where("title", "cy"), Map.of()));
        assertThat(filtered.total()).isEqualTo(1);
    }

    @Test
    void a_column_that_is_not_allowed_is_refused_by_name() {
        assertThatThrownBy(() -> page(Query.first(9).sortedBy("id; DROP TABLE alliance", false)))
                .isInstanceOf(UnknownColumn.class)
                .hasMessageContaining("DROP TABLE");
        assertThatThrownBy(() -> page(Query.first(9).where("version", "0"))).isInstanceOf(UnknownColumn.class);
        assertThatThrownBy(() -> Query.page(9, "1 OR 1=1")).isInstanceOf(UnknownColumn.class);
    }
}
