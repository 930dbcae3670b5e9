/**
 * The program at a participant's site and the operator's command line: one executable jar, one picocli root.
 *
 * <p>{@link io.foedus.agent.Foedus} is the root that other modules add commands to. A command ends with an
 * {@link io.foedus.agent.ExitCode}; results go to standard output, everything else to standard error. Nothing here
 * opens a port, and no secret is ever taken from the arguments of a command.
 */
@NullMarked
package io.foedus.agent;

import org.jspecify.annotations.NullMarked;
