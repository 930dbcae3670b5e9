/**
 * Many models into one: a fold over blocks of files.
 *
 * <ul>
 *   <li>For each block of a few thousand elements the same slice of every contribution is read, combined by a kernel
 *       and written once. Heap is in proportion to the block, never to a model.
 *   <li>Contributions are taken in the order of their ids, blocks have a fixed size and reductions a fixed order, and
 *       all arithmetic is in double: equal inputs give equal bytes, whatever order they arrived in and however many
 *       threads worked.
 *   <li>A partial is a contribution whose weight is the sum of its inputs' weights. Of a rule that is a sum it carries
 *       that sum in float64, undivided, so that only the root divides and rounds to the model's dtypes; of others it is
 *       a model. A reducer runs the same fold as a combiner. Each aggregator says what that means for it
 *       ({@link io.foedus.core.aggregation.PartialRule}), and the fold refuses where it would be wrong.
 *   <li>Tensors that are not floating follow a stated rule ({@link io.foedus.core.aggregation.IntegerRule}); no dtype
 *       ever changes.
 *   <li>A {@link io.foedus.core.aggregation.Fold} with more than one thread starts them for its own duration and joins
 *       them before it returns; nothing else here has threads.
 * </ul>
 */
@NullMarked
package io.foedus.core.aggregation;

import org.jspecify.annotations.NullMarked;
