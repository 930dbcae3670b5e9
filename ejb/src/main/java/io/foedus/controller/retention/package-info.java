/**
 * What is thrown away, and when: old events, samples and idempotency keys; partials of rounds that are over; what
 * server optimizers remembered before their last step; blobs that nothing refers to; what a killed controller left half
 * written.
 *
 * <ul>
 *   <li>A session that keeps its updates keeps its partials too, so that its models can be recomputed.
 *   <li>A blob is deleted only when no row refers to it and it has not been stored lately; a report that refers to a
 *       blob and a collection of blobs exclude each other.
 *   <li>A row says when it is due again; of several controllers one does it.
 * </ul>
 */
package io.foedus.controller.retention;
