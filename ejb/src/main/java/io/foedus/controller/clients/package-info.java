/**
 * Who takes part: registering clients, giving each a combiner to dial, and knowing who is attached where.
 *
 * <p>Decisions: a name is unique in its alliance; placement takes a live combiner that is not draining, not excluded
 * and not full, the preferred one first, then the least loaded; the last combiner that says it holds a client is right;
 * a revoked client never comes back.
 */
package io.foedus.controller.clients;
