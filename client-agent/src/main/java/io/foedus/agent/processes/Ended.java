package io.foedus.agent.processes;

import java.time.Duration;

/**
 * How a command ended.
 *
 * @param how by itself, by the deadline or by cancellation
 * @param exitCode its exit status; 128 + signal if it was killed
 * @param log last part of what it printed
 * @param logBytes how much it printed altogether
 * @param took from start to end
 * @param cpuSeconds CPU time of all its processes
 * @param peakMemoryBytes most resident memory of all its processes that was seen
 */
public record Ended(
        How how, int exitCode, String log, long logBytes, Duration took, double cpuSeconds, long peakMemoryBytes) {
    /** The cause of the end. */
    public enum How {
        BY_ITSELF,
        TIMED_OUT,
        CANCELLED
    }

    /** True if it ended by itself with status 0. */
    public boolean ok() {
        return how == How.BY_ITSELF && exitCode == 0;
    }
}
