/**
 * Where a model came from, provably: one manifest per global model, chained by hash and signed.
 *
 * <ul>
 *   <li>A manifest names everything that determined the model's bytes: parent, inputs with weights and digests,
 *       aggregator, optimizer, plan, selection seed. With the inputs at hand the model can be recomputed bit for bit.
 *   <li>Its hash covers the hash of the manifest before it, so that none can be changed, dropped or inserted unnoticed.
 *   <li>Signatures are Ed25519 (RFC 8032) over the canonical JSON bytes; keys are the caller's business.
 * </ul>
 */
@NullMarked
package io.foedus.core.lineage;

import org.jspecify.annotations.NullMarked;
