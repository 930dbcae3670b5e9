/**
 * Sessions on pages: the list that compares several, the one that is watched live, the form that begins one.
 *
 * <p>Decisions a tester can check: curves count the latest attempt of each round; the metric shown first is accuracy
 * where there is one; boxes show the last sixty rounds and lanes the last twelve, tables all of them; an expanded round
 * stays expanded while the page refreshes.
 */
package io.foedus.web.sessions;
