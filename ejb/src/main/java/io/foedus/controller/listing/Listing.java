package io.foedus.controller.listing;

import io.foedus.controller.persistence.Row;
import io.foedus.controller.persistence.Sql;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How the rows of one kind are read, one by one or in pages: what is selected, which columns may be sorted and filtered
 * by, and what a row becomes. Immutable; build it once per class. Run it inside a boundary's transaction.
 *
 * @param <T> what a row becomes
 */
public final class Listing<T> {
    /** How a filter's text meets a column. */
    private enum Match {
        CONTAINS("LIKE"),
        EQUALS("=");

        private final String operator;

        Match(String operator) {
            this.operator = operator;
        }
    }

    private record Column(String sql, Match match) {}

    /**
     * @param columns at least two SQL expressions
     * @param table what rows are counted of
     * @param lookups joins that add columns, and neither add nor drop rows
     */
    private record Source(String columns, String table, String lookups) {}

    private final Source source;
    private final String condition;
    private final String order;
    private final Function<Row, T> reader;
    private final Map<String, Column> columns;

    private Listing(
            Source source, String condition, String order, Function<Row, T> reader, Map<String, Column> columns) {
        this.source = source;
        this.condition = condition;
        this.order = order;
        this.reader = reader;
        this.columns = columns;
    }

    /**
     * A list of one table's rows, in no order that can be relied upon.
     *
     * @param columns at least two SQL expressions, without the keyword
     * @param table the table or tables and what they are called, without the keyword
     * @param lookups joins that add columns but neither add nor drop rows, so that counting may do without; or empty
     * @param reader makes an item from the selected values
     */
    public static <T> Listing<T> of(String columns, String table, String lookups, Function<Row, T> reader) {
        return new Listing<>(new Source(columns, table, lookups), "true", "1", reader, Map.of());
    }

    /**
     * Only those.
     *
     * @param only a condition on the table's own columns, with named parameters
     */
    public Listing<T> where(String only) {
        return new Listing<>(source, only, order, reader, columns);
    }

    /** In this order, unless a query wishes another. */
    public Listing<T> orderedBy(String own) {
        return new Listing<>(source, condition, own, reader, columns);
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
        return new Listing<>(source, condition, order, reader, more);
    }

    /** The row that meets the condition, if there is one; for conditions that at most one meets. */
    public Optional<T> one(EntityManager entities, Map<String, ?> parameters) {
        return Sql.of(entities, select(source.lookups(), condition))
                .with(parameters)
                .first(reader);
    }

    /** The first rows in the list's own order, uncounted. */
    public List<T> first(EntityManager entities, int most, Map<String, ?> parameters) {
        String sql = select(source.lookups(), condition) + " ORDER BY " + order + " LIMIT " + most;
        return Sql.of(entities, sql).with(parameters).list(reader);
    }

    /**
     * @param parameters values of what the listing names
     * @throws UnknownColumn if the query names a column that is not allowed
     */
    public Page<T> page(EntityManager entities, Query query, Map<String, ?> parameters) {
        Map<String, Object> values = new LinkedHashMap<>(parameters);
        StringBuilder where = new StringBuilder(condition);
        for (Map.Entry<String, String> filter : query.filters().entrySet()) {
            Column column = column(filter.getKey());
            String name = "filter" + values.size();
            String text = filter.getValue().toLowerCase(Locale.ROOT);
            values.put(name, column.match() == Match.CONTAINS ? "%" + escape(text) + "%" : text);
            where.append(" AND lower(CAST(")
                    .append(column.sql())
                    .append(" AS text)) ")
                    .append(column.match().operator)
                    .append(" :")
                    .append(name);
        }
        String counted = query.filters().isEmpty() ? "" : source.lookups();
        long total = Sql.of(entities, "SELECT count(*)" + from(counted, where.toString()))
                .with(values)
                .only(row -> row.whole(0));
        String by = query.sort() == null ? order : column(query.sort()).sql() + direction(query) + ", " + order;
        String sql = select(source.lookups(), where.toString()) + " ORDER BY " + by + " LIMIT " + query.limit()
                + " OFFSET " + query.offset();
        List<T> items = new ArrayList<>(Sql.of(entities, sql).with(values).list(reader));
        boolean more = query.offset() + items.size() < total && !items.isEmpty();
        return new Page<>(items, more ? query.after(items.size()) : null, total);
    }

    private String select(String lookups, String where) {
        return "SELECT " + source.columns() + from(lookups, where);
    }

    private String from(String lookups, String where) {
        return " FROM " + source.table() + " " + lookups + " WHERE " + where;
    }

    private static String direction(Query query) {
        return query.descending() ? " DESC NULLS LAST" : " ASC NULLS LAST";
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    private Column column(String name) {
        Column column = columns.get(name);
        if (column == null) {
            throw new UnknownColumn(name, columns.keySet());
        }
        return column;
    }
}
