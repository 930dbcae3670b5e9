/** Who is alive: a lease that was renewed less than its time to live ago. Pure values; the caller brings the time. */
@NullMarked
package io.foedus.core.liveness;

import org.jspecify.annotations.NullMarked;
