/** Time and patience: a clock that no operator can turn back, and how long to wait before trying again. */
@NullMarked
package io.foedus.combiner.liveness;

import org.jspecify.annotations.NullMarked;
