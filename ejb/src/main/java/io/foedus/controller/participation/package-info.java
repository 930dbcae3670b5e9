/**
 * The ledger: which client takes part in which round through which combiner, and what became of every update.
 *
 * <p>Decisions: one row per round, client and kind over all combiners; a row that was claimed by a combiner that lost
 * its lease may be claimed by another; a reported row is final; every report is fenced by the combiner's epoch and is
 * repeatable; an update is accepted by the report of its share and by nothing else.
 */
package io.foedus.controller.participation;
