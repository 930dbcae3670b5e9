/**
 * Who is attached.
 *
 * <ul>
 *   <li>One stream per client: the newest wins, the older is closed.
 *   <li>A ticket is checked offline by the controller's public key.
 *   <li>The controller hears of comings and goings in batches, at most a few milliseconds later; after a registration
 *       it hears the whole list.
 * </ul>
 */
@NullMarked
package io.foedus.combiner.agents.control;

import org.jspecify.annotations.NullMarked;
