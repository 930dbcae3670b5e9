/**
 * Long lists in pages: the same request for REST cursors and lazy tables, columns to sort and filter by only from an
 * allow-list, so that no name from outside ever becomes SQL.
 */
package io.foedus.controller.listing;
