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
}
