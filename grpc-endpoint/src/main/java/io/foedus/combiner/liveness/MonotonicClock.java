package io.foedus.combiner.liveness;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The wall clock as it was when the program started, moved on by the monotonic clock: a jump of the system's time ends
 * no lease and no round. Not for comparing with instants of other machines after days of drift.
 */
public final class MonotonicClock extends Clock {
    private final Instant start;
    private final long startNanos;

    public MonotonicClock(Clock wall) {
        this.start = wall.instant();
        this.startNanos = System.nanoTime();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - startNanos);
    }
}
