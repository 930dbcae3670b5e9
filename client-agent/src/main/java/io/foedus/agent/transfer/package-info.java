/**
 * Bytes that come and go in pieces: an interrupted transfer goes on at the byte where it broke, also after a restart,
 * and nothing is used before its SHA-256 is right. Memory is one chunk, whatever the size of the model.
 */
@NullMarked
package io.foedus.agent.transfer;

import org.jspecify.annotations.NullMarked;
