/**
 * The way to the controller.
 *
 * <p>The combiner dials, always. It registers once with the join token, keeps its identity and token in the spool, and
 * from then on holds one heartbeat open; orders are level-triggered, so a lost answer costs nothing. Loss and recovery
 * of the controller are logged once each. Every call may be repeated.
 */
@NullMarked
package io.foedus.combiner.uplink.control;

import org.jspecify.annotations.NullMarked;
