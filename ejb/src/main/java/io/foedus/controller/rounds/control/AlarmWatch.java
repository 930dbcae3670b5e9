package io.foedus.controller.rounds.control;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells by a clock that nobody can set whether a timer is late. Timers wait for a time of day, so that one sleeps for
 * hours when the clock is set back. Each timer has a number; only the last one armed counts, so that one that was given
 * up and rings after all starts no second row of ticks. Thread-safe.
 */
public final class AlarmWatch {
    /** How many ticks a timer may be late before it is given up. */
    private static final int LATE = 3;

    private final long patience;
    private final LongSupplier nanoTime;
    private long number;
    private long armedAt;
    private boolean ringing;

    public AlarmWatch(Duration tick, LongSupplier nanoTime) {
        this.patience = tick.multipliedBy(LATE).toNanos();
        this.nanoTime = nanoTime;
        this.armedAt = nanoTime.getAsLong();
    }

    /** A timer is armed, in place of any before it; returns its number. */
    public synchronized long armed() {
        armedAt = nanoTime.getAsLong();
        return ++number;
    }

    /** Whether this timer's tick is to be done now: it is the last one, and no other tick is at work. */
    public synchronized boolean rings(long which) {
        if (ringing || which != number) {
            return false;
        }
        ringing = true;
        return true;
    }

    /** The tick's work is done. */
    public synchronized void done() {
        ringing = false;
    }

    /** Whether the last timer should have rung long ago. */
    public synchronized boolean isLate() {
        return !ringing && nanoTime.getAsLong() - armedAt > patience;
    }
}
