/**
 * What people look at: read-only views over the rows of all components, made for pages and charts.
 *
 * <p>Decisions a tester can check: nothing here writes; each view needs READ on the alliance that the row itself names,
 * and what a caller may not see is unknown to it; numbers are aggregated by PostgreSQL, so that a chart of 1,000 rounds
 * over 10,000 clients moves 1,000 rows; of a round only the latest attempt counts in curves, all attempts are in the
 * table.
 */
package io.foedus.controller.insight;
