/**
 * Long lists on pages: one adapter between PrimeFaces' lazy table and the controller's listings, filters and position
 * in the address, CSV that no spreadsheet takes for a formula.
 */
package io.foedus.web.tables;
