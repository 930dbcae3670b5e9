package io.foedus.core.liveness;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: full jitter, that is evenly anywhere between the floor and a bound that doubles
 * with every failure. The time of an outage is the sum of its waits, so it needs no clock and no step of a clock
 * deceives it. For one thread.
 */
public final class Backoff {
    private static final int MOST_DOUBLINGS = 20;

    private final Pace pace;
    private final RandomGenerator jitter;
    private int failures;
    private Duration waited = Duration.ZERO;

    /**
     * The bounds of the waits.
     *
     * @param floor no try follows the last one sooner
     * @param base the bound after the first failure
     * @param earlyCap the bound grows no further while the outage is young, so that a server that restarts finds its
     *     callers back at once
     * @param early how long an outage is young
     * @param cap the bound grows no further at all
     */
    public record Pace(Duration floor, Duration base, Duration earlyCap, Duration early, Duration cap) {
        /**
         * Refuses bounds out of order.
         *
         * @throws IllegalArgumentException unless floor ≤ base ≤ early cap ≤ cap
         */
        public Pace {
            if (floor.isNegative()
                    || base.compareTo(floor) < 0
                    || earlyCap.compareTo(base) < 0
                    || cap.compareTo(earlyCap) < 0) {
                throw new IllegalArgumentException(
                        "waits must grow: " + floor + ", " + base + ", " + earlyCap + ", " + cap);
            }
        }
    }

    /** @param jitter where the chance comes from */
    public Backoff(Pace pace, RandomGenerator jitter) {
        this.pace = pace;
        this.jitter = jitter;
    }

    /** From nothing up to {@code base}, twice that and so on, never above {@code cap}. */
    public Backoff(Duration base, Duration cap, RandomGenerator jitter) {
        this(new Pace(Duration.ZERO, base, cap, Duration.ZERO, cap), jitter);
    }

    /** Counts a failure and says how long to wait now. */
    public Duration next() {
        long floor = pace.floor().toMillis();
        Duration cap = waited.compareTo(pace.early()) < 0 ? pace.earlyCap() : pace.cap();
        long bound = Math.min(cap.toMillis(), pace.base().toMillis() << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        Duration wait = Duration.ofMillis(floor + jitter.nextLong(bound - floor + 1));
        waited = waited.plus(wait);
        return wait;
    }

    /** At least what the other side asked for, plus up to half of it so that not all come back together. */
    public Duration next(Duration asked) {
        Duration own = next();
        return asked.compareTo(own) > 0 ? asked.plusMillis(jitter.nextLong(asked.toMillis() / 2 + 1)) : own;
    }

    /** It worked: the next outage begins from the floor again. Answers whether there had been a failure. */
    public boolean recovered() {
        boolean failed = failures > 0;
        failures = 0;
        waited = Duration.ZERO;
        return failed;
    }

    /** Whether nothing has failed since the last success: the moment to log a loss. */
    public boolean fresh() {
        return failures == 0;
    }

    /** Failures since the last success. */
    public int failures() {
        return failures;
    }
}
