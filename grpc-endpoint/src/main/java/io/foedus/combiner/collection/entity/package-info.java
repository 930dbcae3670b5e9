/**
 * One share of a round in flight, as it is decided: pure. Nothing here touches a file, the network, a clock or a
 * thread, and a test sees to it.
 *
 * <ul>
 *   <li>{@link ShareState} answers an {@link Event} with a {@link Decision}: the next state and the {@link Effect}s
 *       that are to be carried out, in order.
 *   <li>{@link Fact}s are what counts. They are written to the journal and change the state by the same lines when they
 *       become true and when they are read again after a restart.
 *   <li>A result counts from {@link Event.Committed} on: then it is on the disk. Whatever is done with updates as they
 *       arrive begins there; whatever needs all of them begins with {@link Effect.Report}.
 *   <li>A share that is over says nothing more to anybody who did not ask.
 * </ul>
 */
@NullMarked
package io.foedus.combiner.collection.entity;

import org.jspecify.annotations.NullMarked;
