package io.foedus.combiner.liveness;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: exponential with full jitter, between 0 and {@code base × 2ⁿ}, never above
 * {@code cap}. Not safe for several threads.
 */
public final class Backoff {
    private final Duration base;
    private final Duration cap;
    private final RandomGenerator random;
    private int failures;

    public Backoff(Duration base, Duration cap, RandomGenerator random) {
        this.base = base;
        this.cap = cap;
        this.random = random;
    }

    /** Notes a failure and says how long to wait. */
    public Duration next() {
        long ceiling = Math.min(cap.toMillis(), base.toMillis() << Math.min(failures, 20));
        failures++;
        return Duration.ofMillis(random.nextLong(ceiling + 1));
    }

    /** Notes success; answers whether there had been a failure. */
    public boolean recovered() {
        boolean failed = failures > 0;
        failures = 0;
        return failed;
    }

    /** Whether nothing has failed since the last success: the moment to log the loss. */
    public boolean fresh() {
        return failures == 0;
    }
}
