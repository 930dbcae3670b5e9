package io.foedus.web.fedn;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What a FEDn list call asks for: paging and order in headers, conditions in the query string or a body.
 *
 * @param limit most entries to answer; 0 = all
 * @param skip entries to leave out first
 * @param sortKey dotted path; entries without a value come last
 * @param ascending direction; FEDn's default is descending
 * @param conditions all must hold
 */
record ListQuery(int limit, int skip, String sortKey, boolean ascending, List<Condition> conditions) {
    private static final String DEFAULT_KEY = "committed_at";

    /**
     * Reads {@code X-Limit}, {@code X-Skip}, {@code X-Sort-Key}, {@code X-Sort-Order}; what is no number counts as 0.
     */
    static ListQuery of(HttpHeaders headers, Map<String, String> parameters) {
        String key = headers.getHeaderString("X-Sort-Key");
        return new ListQuery(
                positive(headers.getHeaderString("X-Limit")),
                positive(headers.getHeaderString("X-Skip")),
                key == null || key.isBlank() ? DEFAULT_KEY : key,
                "asc".equalsIgnoreCase(headers.getHeaderString("X-Sort-Order")),
                Condition.of(parameters));
    }

    static int positive(String text) {
        return text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    /**
     * The id that a field must have, for the database to look for; null if there is no such condition. An id that
     * cannot be one of ours is left to {@link #matching}, which finds nothing.
     */
    String id(String field) {
        return conditions.stream()
                .filter(it -> it.field().equals(field) && it.test() == Condition.Test.EQ && Ids.isOne(it.value()))
                .map(Condition::value)
                .findFirst()
                .orElse(null);
    }

    /** The entries that meet all conditions, in the order they came in. */
    List<Document> matching(List<Document> documents) {
        return documents.stream()
                .filter(document -> conditions.stream().allMatch(condition -> condition.holds(document)))
                .toList();
    }

    /** {@code {"count": <all that match>, "result": [<the page>]}}. */
    JsonObject answer(List<Document> documents) {
        List<Document> matching = new ArrayList<>(matching(documents));
        matching.sort(order());
        var result = Json.createArrayBuilder();
        matching.stream()
                .skip(skip)
                .limit(limit == 0 ? Long.MAX_VALUE : limit)
                .forEach(document -> result.add(document.json()));
        return Json.createObjectBuilder()
                .add("count", matching.size())
                .add("result", result)
                .build();
    }

    private Comparator<Document> order() {
        Comparator<Object> values = ListQuery::compare;
        return Comparator.comparing(
                document -> document.at(sortKey), Comparator.nullsLast(ascending ? values : values.reversed()));
    }

    /** Instants by time, numbers by size, everything else by its text. */
    static int compare(Object one, Object other) {
        if (one instanceof Instant a && other instanceof Instant b) {
            return a.compareTo(b);
        }
        if (one instanceof Number a && other instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        }
        return String.valueOf(one).compareTo(String.valueOf(other));
    }
}
