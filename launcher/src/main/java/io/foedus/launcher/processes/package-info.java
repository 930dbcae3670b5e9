/**
 * Processes that end when their starter ends, whatever ends it, and the files they live on. A
 * {@link io.foedus.launcher.processes.GuardedProcess} runs under {@code guard.sh}, which watches a pipe from this
 * program; no shutdown hook is needed for safety, only for good manners.
 */
@NullMarked
package io.foedus.launcher.processes;

import org.jspecify.annotations.NullMarked;
