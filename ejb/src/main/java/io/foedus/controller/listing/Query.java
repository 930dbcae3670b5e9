package io.foedus.controller.listing;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which rows of a list are wanted.
 *
 * @param offset rows to leave out
 * @param limit most rows to return, 1 to 500
 * @param sort column to order by, or null for the list's own order
 * @param descending whether the order is turned round
 * @param filters column → text that it contains (texts) or equals (states, ids, booleans); blank ones are ignored
 */
public record Query(int offset, int limit, String sort, boolean descending, Map<String, String> filters) {
    public static final int MOST = 500;
    public static final int USUAL = 50;

    public Query {
        offset = Math.max(0, offset);
        limit = Math.max(1, Math.min(MOST, limit));
        filters = Map.copyOf(filters);
    }

    /** The first rows in the list's own order. */
    public static Query first(int limit) {
        return new Query(0, limit, null, false, Map.of());
    }

    /**
     * From the parameters of a REST call; either may be null.
     *
     * @throws UnknownColumn if the cursor was not made by {@link Page#next}
     */
    public static Query page(Integer limit, String cursor) {
        return new Query(offsetOf(cursor), limit == null ? USUAL : limit, null, false, Map.of());
    }

    public Query where(String column, String text) {
        Map<String, String> more = new LinkedHashMap<>(filters);
        if (text != null && !text.isBlank()) {
            more.put(column, text);
        }
        return new Query(offset, limit, sort, descending, more);
    }

    public Query sortedBy(String column, boolean turnedRound) {
        return new Query(offset, limit, column, turnedRound, filters);
    }

    private static int offsetOf(String cursor) {
        if (cursor == null || cursor.isBlank()) {
            return 0;
        }
        if (!cursor.matches("o[0-9a-z]{1,6}")) {
            throw new UnknownColumn(cursor);
        }
        return Integer.parseInt(cursor.substring(1), 36);
    }

    /** The cursor of the page after this one. */
    String after(int rows) {
        return "o" + Integer.toString(offset + rows, 36);
    }
}
