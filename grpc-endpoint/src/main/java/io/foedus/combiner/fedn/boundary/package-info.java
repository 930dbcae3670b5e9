/**
 * The face that FEDn's own clients see: {@code fedn.Connector}, {@code fedn.Combiner}, {@code fedn.ModelService}, as
 * version 0.33 speaks them. A translation into the same registry, collections and uploads that Foedus agents use;
 * nothing is decided here.
 *
 * <ul>
 *   <li>A client is known by the {@code client_id} in its messages, which the controller gave an identity when it was
 *       added through the REST API; what its metadata calls it proves nothing. Messages without an id belong to the
 *       client that has named itself on their connection. Whom the controller does not know gets UNAVAILABLE and may
 *       come back.
 *   <li>A client ends its process on any status but OK, UNAVAILABLE or CANCELLED, and when its task stream ends with
 *       OK: so nothing else is ever answered, and a stream never ends with OK; but for UNAUTHENTICATED, which is meant
 *       to end it: a wrong token, or none where one is needed.
 *   <li>While a client is at work, nobody is taken for it from another address.
 *   <li>It reads one task at a time and tells nobody when it fails; presence is its heartbeat, every 2 s. Behind each
 *       task goes an empty one: when the client reports that it reads it, the task is over, with or without result.
 *   <li>It throws the answer to an update away, but logs the {@code model_id} of every task: a reason to refuse an
 *       update goes down as that.
 *   <li>The round of an update stands only in the task's data, which it echoes as {@code meta.config}.
 *   <li>An upload that is sent again begins anew under the same id, and is counted once.
 * </ul>
 */
@NullMarked
package io.foedus.combiner.fedn.boundary;

import org.jspecify.annotations.NullMarked;
