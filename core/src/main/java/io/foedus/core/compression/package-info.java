/**
 * Smaller files for transfers, at a stated loss: 16-bit floats, and 8-bit integers with a scale per block. A compressed
 * model is an ordinary model file; it is restored to the full layout before it is folded, so aggregation never knows.
 */
@NullMarked
package io.foedus.core.compression;

import org.jspecify.annotations.NullMarked;
