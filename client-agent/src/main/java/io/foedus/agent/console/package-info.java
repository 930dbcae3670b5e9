/**
 * What a command shows and how it fails: {@link io.foedus.agent.console.Output} prints one JSON value or a table,
 * {@link io.foedus.agent.console.Failure} names the thing, the remedy and the exit code.
 */
@NullMarked
package io.foedus.agent.console;

import org.jspecify.annotations.NullMarked;
