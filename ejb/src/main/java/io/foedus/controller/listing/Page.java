package io.foedus.controller.listing;

import java.util.List;

/**
 * One page of a list.
 *
 * @param items the rows, in order
 * @param next cursor of the page after this one, null on the last
 * @param total how many rows match, over all pages
 */
public record Page<T>(List<T> items, String next, long total) {
    public Page {
        items = List.copyOf(items);
    }

    /** A page of a short list that is in memory as a whole, in its own order. */
    public static <T> Page<T> of(List<T> all, Query query) {
        List<T> items = all.stream().skip(query.offset()).limit(query.limit()).toList();
        boolean more = query.offset() + items.size() < all.size() && !items.isEmpty();
        return new Page<>(items, more ? query.after(items.size()) : null, all.size());
    }
}
