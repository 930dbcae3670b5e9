/**
 * How to come back after a loss. Pure: whoever waits brings the chance and does the waiting, so that a test sees every
 * wait of an outage at once.
 */
@NullMarked
package io.foedus.core.liveness;

import org.jspecify.annotations.NullMarked;
