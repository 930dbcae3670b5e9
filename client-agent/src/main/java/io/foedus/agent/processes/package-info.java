/**
 * Runs commands as child processes that cannot outlive, flood or outwait the agent.
 *
 * <p>A command runs in its own session with a deadline; the end of the command is the end of everything it started:
 * TERM, a grace, then KILL for whoever is left. Its output is kept to a bounded tail. The agent's secrets are not in
 * its environment.
 */
@NullMarked
package io.foedus.agent.processes;

import org.jspecify.annotations.NullMarked;
