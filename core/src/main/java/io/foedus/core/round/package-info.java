/**
 * The rules of a round, as pure values: phases and their legal order, when to close a collection, and whom to select.
 * The same {@link io.foedus.core.round.RoundPolicy} closes a combiner's collection of clients and the controller's
 * collection of combiners. Time is a parameter, randomness is a seed.
 */
@NullMarked
package io.foedus.core.round;

import org.jspecify.annotations.NullMarked;
