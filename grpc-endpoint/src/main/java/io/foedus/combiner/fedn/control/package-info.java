/**
 * Who FEDn's clients are.
 *
 * <ul>
 *   <li>The controller is asked about an id or a token once in a while, and is not asked again about one that it does
 *       not know for ten seconds.
 *   <li>Whoever asks for too many that are unknown is answered without asking, by address and all together; what is
 *       remembered has a bound.
 *   <li>While the controller is away, what it said last holds.
 * </ul>
 */
@NullMarked
package io.foedus.combiner.fedn.control;

import org.jspecify.annotations.NullMarked;
