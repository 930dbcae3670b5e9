package io.foedus.web.fedn;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListQueryTest {
    private static final List<Document> THREE = List.of(entry("a", 3, 1), entry("b", 1, 2), entry("c", 2, 3));

    @Test
    void newest_first_and_everything_unless_told_otherwise() {
        JsonObject answer = query(0, 0, Map.of()).answer(THREE);
        assertThat(answer.getInt("count")).isEqualTo(3);
        assertThat(ids(answer)).containsExactly("c", "b", "a");
    }

    @Test
    void count_is_of_all_that_match_and_result_only_the_page() {
        JsonObject answer = query(1, 1, Map.of()).answer(THREE);
        assertThat(answer.getInt("count")).isEqualTo(3);
        assertThat(ids(answer)).containsExactly("b");
    }

    @Test
    void the_command_line_unpacks_exactly_count_and_result_in_this_order() {
        assertThat(query(0, 0, Map.of()).answer(THREE).keySet()).containsExactly("count", "result");
    }

    @Test
    void numbers_are_ordered_by_size_and_absent_values_come_last() {
        var query = new ListQuery(0, 0, "step", true, List.of());
        assertThat(ids(query.answer(List.of(entry("a", null, 1), entry("b", 10, 2), entry("c", 9, 3)))))
                .containsExactly("c", "b", "a");
    }

    @Test
    void conditions_on_fields_dotted_paths_and_operators() {
        assertThat(matching(Map.of("step__gte", "2"))).containsExactly("a", "c");
        assertThat(matching(Map.of("step__ne", "2"))).containsExactly("a", "b");
        assertThat(matching(Map.of("sender.name", "b,c"))).containsExactly("b", "c");
        assertThat(matching(Map.of("committed_at__lt", "1970-01-01T00:00:02Z"))).containsExactly("a");
        assertThat(matching(Map.of("committed_at__gt", "Thu, 01 Jan 1970 00:00:02 GMT")))
                .containsExactly("c");
    }

    @Test
    void camel_case_names_and_the_slash_of_model_list_are_understood() {
        assertThat(matching(Map.of("entryId", "b"))).containsExactly("b");
        assertThat(matching(Map.of("entry_id", "b/"))).containsExactly("b");
    }

    @Test
    void an_unknown_field_or_an_unlike_value_matches_nothing() {
        assertThat(matching(Map.of("colour", "blue"))).isEmpty();
        assertThat(matching(Map.of("step", "many"))).isEmpty();
        assertThat(matching(Map.of("committed_at__gt", "yesterday"))).isEmpty();
        assertThat(matching(Map.of("colour", "null"))).hasSize(3);
    }

    @Test
    void absent_values_are_null_and_instants_http_dates() {
        String json = new Document()
                .with("a", null)
                .with("at", Instant.parse("2025-11-24T10:00:00.5Z"))
                .with("loss", Double.NaN)
                .json()
                .toString();
        assertThat(json).isEqualTo("{\"a\":null,\"at\":\"Mon, 24 Nov 2025 10:00:00 GMT\",\"loss\":null}");
    }

    private static List<String> matching(Map<String, String> conditions) {
        return query(0, 0, conditions).matching(THREE).stream()
                .map(document -> (String) document.at("entry_id"))
                .toList();
    }

    private static ListQuery query(int limit, int skip, Map<String, String> conditions) {
        return new ListQuery(limit, skip, "committed_at", false, Condition.of(conditions));
    }

    private static Document entry(String id, Integer step, int second) {
        return new Document()
                .with("entry_id", id)
                .with("step", step)
                .with("sender", new Document().with("name", id))
                .with("committed_at", Instant.EPOCH.plusSeconds(second));
    }

    private static List<String> ids(JsonObject answer) {
        return answer.getJsonArray("result").getValuesAs(JsonObject.class).stream()
                .map(entry -> entry.getString("entry_id"))
                .toList();
    }
}
