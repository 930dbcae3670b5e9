package io.foedus.controller.listing;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * A list over the database: which columns may be sorted and filtered by, how rows are selected, and what a row becomes.
 * Immutable; build it once per class. Run it inside a boundary's transaction.
 *
 * @param <T> what a row becomes
 */
public final class Listing<T> {
    /** How a filter's text meets a column. */
    private enum Match {
        CONTAINS,
        EQUALS
    }

    private record Column(String sql, Match match) {}

    private final String select;
    private final String from;
    private final String order;
    private final Function<Object[], T> row;
    private final Map<String, Column> columns;

    private Listing(String select, String from, String order, Function<Object[], T> row, Map<String, Column> columns) {
        this.select = select;
        this.from = from;
        this.order = order;
        this.row = row;
        this.columns = columns;
    }

    /**
     * @param select at least two SQL expressions, without the keyword
     * @param from the FROM and, if any, WHERE clause with positional parameters {@code ?1} to {@code ?9}
     * @param order the list's own order
     * @param row makes an item from the selected values
     */
    public static <T> Listing<T> of(String select, String from, String order, Function<Object[], T> row) {
        return new Listing<>(select, from, order, row, Map.of());
    }

    /** Allows sorting, and filtering by a part of the text, case-insensitive. */
    public Listing<T> text(String name, String sql) {
        return with(name, new Column(sql, Match.CONTAINS));
    }

    /** Allows sorting, and filtering by the exact value. */
    public Listing<T> exact(String name, String sql) {
        return with(name, new Column(sql, Match.EQUALS));
    }

    private Listing<T> with(String name, Column column) {
        Map<String, Column> more = new LinkedHashMap<>(columns);
        more.put(name, column);
        return new Listing<>(select, from, order, row, more);
    }

    /**
     * @param parameters values of {@code ?1}…, in order
     * @throws UnknownColumn if the query names a column that is not allowed
     */
    @SuppressWarnings("unchecked")
    public Page<T> page(EntityManager entities, Query query, Object... parameters) {
        List<Object> values = new ArrayList<>(List.of(parameters));
        StringBuilder where = new StringBuilder();
        for (Map.Entry<String, String> filter : query.filters().entrySet()) {
            Column column = column(filter.getKey());
            if (column.match() == Match.CONTAINS) {
                values.add("%" + escape(filter.getValue().toLowerCase(Locale.ROOT)) + "%");
                where.append(" AND lower(")
                        .append(column.sql())
                        .append("::text) LIKE ?")
                        .append(values.size());
            } else {
                values.add(filter.getValue().toLowerCase(Locale.ROOT));
                where.append(" AND lower(")
                        .append(column.sql())
                        .append("::text) = ?")
                        .append(values.size());
            }
        }
        String body = " FROM " + from + (where.length() == 0 || has(from, " WHERE ") ? "" : " WHERE true") + where;
        Number total = (Number) bind(entities.createNativeQuery("SELECT count(*)" + body), values)
                .getSingleResult();
        String by = query.sort() == null ? order : column(query.sort()).sql() + direction(query) + ", " + order;
        List<Object[]> rows = bind(
                        entities.createNativeQuery("SELECT " + select + body + " ORDER BY " + by + " LIMIT "
                                + query.limit() + " OFFSET " + query.offset()),
                        values)
                .getResultList();
        List<T> items = rows.stream().map(row).toList();
        boolean more = query.offset() + items.size() < total.longValue() && !items.isEmpty();
        return new Page<>(items, more ? query.after(items.size()) : null, total.longValue());
    }

    private static String direction(Query query) {
        return query.descending() ? " DESC NULLS LAST" : " ASC NULLS LAST";
    }

    private static boolean has(String sql, String keyword) {
        return sql.toUpperCase(Locale.ROOT).contains(keyword);
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    private static jakarta.persistence.Query bind(jakarta.persistence.Query sql, List<Object> values) {
        for (int i = 0; i < values.size(); i++) {
            sql.setParameter(i + 1, values.get(i));
        }
        return sql;
    }

    private Column column(String name) {
        Column column = columns.get(name);
        if (column == null) {
            throw new UnknownColumn(name, columns.keySet());
        }
        return column;
    }
}
