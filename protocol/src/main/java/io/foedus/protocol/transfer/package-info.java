/**
 * Moves bytes between files and gRPC streams at the pace of the slower side.
 *
 * <p>A sender never has more than one chunk in memory and asks the transport whether it is ready; a receiver asks for
 * one message at a time ({@code disableAutoRequest}). Offsets are positions in the file, so an interrupted transfer
 * goes on where it broke. Nothing here retries: whoever owns the call decides that.
 */
@NullMarked
package io.foedus.protocol.transfer;

import org.jspecify.annotations.NullMarked;
