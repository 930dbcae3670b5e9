/**
 * The face that Foedus agents see: {@code foedus.v1.Federation}.
 *
 * <p>Messages are translated here and nowhere else. No call holds a thread while it waits; a call that reads asks for
 * one message at a time, a call that writes does so only when the transport is ready.
 */
@NullMarked
package io.foedus.combiner.federation.boundary;

import org.jspecify.annotations.NullMarked;
