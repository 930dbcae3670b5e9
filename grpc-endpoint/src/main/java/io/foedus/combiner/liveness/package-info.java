/** Time and patience: a clock that no operator can turn back, and how often is too often. */
@NullMarked
package io.foedus.combiner.liveness;

import org.jspecify.annotations.NullMarked;
