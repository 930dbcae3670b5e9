/**
 * Shares of rounds in flight, as they are acted on. What is decided is decided in {@code collection.entity}.
 *
 * <ul>
 *   <li>Orders are level-triggered: each heartbeat lists all that is open; what is new is begun, what is missing is
 *       cancelled, what changed is adopted, the rest is left alone.
 *   <li>A collection is single-threaded: every event is decided and its effects are carried out on the collection's
 *       serial executor; what takes long (claims, bytes, checks, the fold) happens on the workers and comes back as an
 *       event.
 *   <li>An update counts once it is on the disk, with its line in the share's journal; only then its sender and the
 *       controller hear of it. Lines that are ready at the same time share one force to disk.
 *   <li>After a kill the journal tells who was asked and what was accepted; nobody is asked twice for what is here.
 *   <li>In a buffered session a collection that closes calls nobody back: its clients work on, and the next collection
 *       of the session claims them with the task they have.
 *   <li>A client whose stream stays broken beyond the grace, or that is silent beyond its lease, lowers the expectation
 *       at once; if it comes back while the collection is open it counts again.
 * </ul>
 */
@NullMarked
package io.foedus.combiner.collection.control;

import org.jspecify.annotations.NullMarked;
