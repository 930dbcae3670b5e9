/**
 * What the rows of several components say together: curves, spans, counts, hits of a search. A row of one kind is read
 * by its own component, for everybody alike: {@code SessionView}, {@code RoundView}, {@code ModelView} and so on.
 *
 * <p>Decisions a tester can check: nothing here writes; each method needs READ on the alliance that the row itself
 * names, and what a caller may not see is unknown to it; numbers are aggregated by PostgreSQL, so that a chart of 1,000
 * rounds over 10,000 clients moves 1,000 rows; of a round only the latest attempt counts in curves, all attempts are in
 * the table.
 */
package io.foedus.controller.insight;
