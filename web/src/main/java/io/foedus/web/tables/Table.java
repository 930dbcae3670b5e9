package io.foedus.web.tables;

import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.listing.UnknownColumn;
import jakarta.faces.context.FacesContext;
import java.io.Serializable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.primefaces.PrimeFaces;
import org.primefaces.model.FilterMeta;
import org.primefaces.model.LazyDataModel;
import org.primefaces.model.SortMeta;
import org.primefaces.model.SortOrder;

/**
 * A lazy table over one of the controller's listings. The database pages, sorts and filters; what may be sorted and
 * filtered by is the listing's allow-list. Filters come with the page's address; after each turn of a page or a column
 * the address says where the reader is.
 *
 * @param <T> a row
 */
public final class Table<T> extends LazyDataModel<T> {
    private static final long serialVersionUID = 1L;
    private static final int EXPORTED = 10_000;
    private static final List<String> KEPT = List.of("alliance", "id", "tab");

    /** Where rows come from. */
    @FunctionalInterface
    public interface Source<T> extends Serializable {
        Page<T> page(Query query);
    }

    private final transient Source<T> source;
    private final transient Function<T, Object> key;
    private final Map<String, String> kept;
    private final Map<String, String> filters;
    private final SortMeta sort;
    private final int from;
    private transient Page<T> loaded;
    private transient Query last = Query.first(Query.USUAL);

    /**
     * A table that begins where the address of the current request says.
     *
     * @param key what tells one row from another
     * @param columns parameters of the address that are filters
     */
    public static <T> Table<T> here(Source<T> source, Function<T, Object> key, String... columns) {
        Map<String, String> address =
                FacesContext.getCurrentInstance().getExternalContext().getRequestParameterMap();
        return new Table<>(source, key, address, List.of(columns));
    }

    Table(Source<T> source, Function<T, Object> key, Map<String, String> address, List<String> columns) {
        this.source = source;
        this.key = key;
        this.kept = chosen(address, KEPT);
        this.filters = chosen(address, columns);
        this.from = address.getOrDefault("from", "").matches("\\d{1,9}") ? Integer.parseInt(address.get("from")) : 0;
        String[] by = address.getOrDefault("sort", "").split(",", 2);
        this.sort = by[0].isEmpty()
                ? null
                : SortMeta.builder()
                        .field(by[0])
                        .order(by.length > 1 ? SortOrder.DESCENDING : SortOrder.ASCENDING)
                        .build();
    }

    private static Map<String, String> chosen(Map<String, String> address, List<String> names) {
        Map<String, String> chosen = new LinkedHashMap<>();
        names.stream()
                .filter(name -> !address.getOrDefault(name, "").isBlank())
                .forEach(name -> chosen.put(name, address.get(name)));
        return chosen;
    }

    /** First row that the address asked for. */
    public int getFrom() {
        return from;
    }

    /** Order that the address asked for, or null. */
    public SortMeta getSort() {
        return sort;
    }

    /** What is filtered, for the inputs of the filter form: column → text. */
    public Map<String, String> getFilters() {
        return filters;
    }

    @Override
    public int count(Map<String, FilterMeta> ignored) {
        return (int) Math.min(Integer.MAX_VALUE, fetch(filtered(Query.first(1))).total());
    }

    @Override
    public List<T> load(int first, int size, Map<String, SortMeta> sort, Map<String, FilterMeta> ignored) {
        SortMeta by = sort.values().stream().findFirst().orElse(null);
        Query query = new Query(first, size, null, false, Map.of());
        if (by != null) {
            query = query.sortedBy(by.getField(), by.getOrder().isDescending());
        }
        query = filtered(query);
        last = query;
        loaded = fetch(query);
        setRowCount((int) Math.min(Integer.MAX_VALUE, loaded.total()));
        if (PrimeFaces.current().isAjaxRequest()) {
            PrimeFaces.current().ajax().addCallbackParam("address", address());
        }
        return loaded.items();
    }

    private Query filtered(Query query) {
        Query narrowed = query;
        for (Map.Entry<String, String> filter : filters.entrySet()) {
            narrowed = narrowed.where(filter.getKey(), filter.getValue());
        }
        return narrowed;
    }

    private Page<T> fetch(Query query) {
        try {
            return source.page(query);
        } catch (UnknownColumn e) {
            return source.page(new Query(query.offset(), query.limit(), null, false, Map.of()));
        }
    }

    @Override
    public String getRowKey(T row) {
        return key.apply(row).toString();
    }

    @Override
    public T getRowData(String rowKey) {
        return loaded == null
                ? null
                : loaded.items().stream()
                        .filter(row -> getRowKey(row).equals(rowKey))
                        .findFirst()
                        .orElse(null);
    }

    /** The query part of the page's address that leads back here. */
    public String address() {
        List<String> parts = new ArrayList<>();
        kept.forEach((name, text) -> parts.add(name + "=" + URLEncoder.encode(text, StandardCharsets.UTF_8)));
        filters.forEach((name, text) -> parts.add(name + "=" + URLEncoder.encode(text, StandardCharsets.UTF_8)));
        if (last.offset() > 0) {
            parts.add("from=" + last.offset());
        }
        if (last.sort() != null) {
            parts.add("sort=" + last.sort() + (last.descending() ? ",desc" : ""));
        }
        return String.join("&", parts);
    }

    /** The rows that match, all pages, at most ten thousand; in the order of the table. */
    Stream<T> all() {
        List<T> rows = new ArrayList<>();
        Query query = filtered(new Query(0, Query.MOST, last.sort(), last.descending(), Map.of()));
        Page<T> page = fetch(query);
        rows.addAll(page.items());
        while (page.next() != null && rows.size() < EXPORTED) {
            query = filtered(new Query(rows.size(), Query.MOST, last.sort(), last.descending(), Map.of()));
            page = fetch(query);
            rows.addAll(page.items());
        }
        return rows.stream();
    }

    /** The rows on the page that was loaded last. */
    public List<T> shown() {
        return loaded == null ? List.of() : loaded.items();
    }

    /** Whether the rows are unfiltered and in the order that the listing itself has. */
    public boolean isInItsOwnOrder() {
        return last.sort() == null && filters.isEmpty();
    }

    /** Whether anything is filtered, so that an empty table can say which of two reasons it has. */
    public boolean isFiltered() {
        return !filters.isEmpty();
    }

    @Override
    public String toString() {
        return filters.entrySet().stream().map(Object::toString).collect(Collectors.joining(",", "Table[", "]"));
    }
}
