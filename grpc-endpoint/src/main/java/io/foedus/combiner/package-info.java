/**
 * The combiner: attaches agents over gRPC, hands them tasks, spools and checks what they return, folds it into one
 * partial per round and tells the controller.
 *
 * <p>Components, each using only those before it: {@code configuration}, {@code json}, {@code liveness}, {@code uplink}
 * (the way to the controller), {@code spool} (bytes of agents on disk), {@code models} (bytes of the controller on
 * disk), {@code agents} (who is attached), {@code collection} (one share of a round in flight), {@code federation} and
 * {@code fedn} (the two gRPC faces), {@code server} (Netty and the container's life cycle).
 *
 * <ul>
 *   <li>A combiner may be killed at any moment: what it acknowledged is in the spool, what it reported is at the
 *       controller, everything else is asked for again.
 *   <li>No thread waits for an agent; memory does not grow with agents, models or a slow disk.
 *   <li>{@link io.foedus.combiner.Combiner} puts the pieces together by constructors, so that the whole combiner also
 *       runs inside one test.
 * </ul>
 */
@NullMarked
package io.foedus.combiner;

import org.jspecify.annotations.NullMarked;
