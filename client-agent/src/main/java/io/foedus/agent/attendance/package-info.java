/**
 * The agent's life: it joins an alliance once, asks the controller for a combiner, attends it over one stream, and asks
 * again when it loses it. It ends only when told to, or when the controller says that it is not welcome any more; a
 * server that is away is waited for with jittered back-off. Loss and recovery are logged once each.
 */
@NullMarked
package io.foedus.agent.attendance;

import org.jspecify.annotations.NullMarked;
