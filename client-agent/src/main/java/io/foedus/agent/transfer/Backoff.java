package io.foedus.agent.transfer;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: full jitter, that is evenly anywhere between the floor and a bound that doubles
 * with every failure. For the first two minutes of an outage the bound stays at the early cap, so that a server that
 * restarts finds its agents back at once; afterwards it grows to the late cap. For one thread.
 */
public final class Backoff {
    /** No try follows the last one sooner, even if the server answers at once. */
    public static final Duration FLOOR = Duration.ofMillis(100);

    public static final Duration BASE = Duration.ofMillis(400);
    public static final Duration EARLY_CAP = Duration.ofSeconds(3);
    public static final Duration EARLY = Duration.ofMinutes(2);
    public static final Duration LATE_CAP = Duration.ofSeconds(60);

    private final RandomGenerator random;
    private int failures;
    private Duration waited = Duration.ZERO;

    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** Counts a failure and says how long to wait now. */
    public Duration next() {
        Duration cap = waited.compareTo(EARLY) < 0 ? EARLY_CAP : LATE_CAP;
        long bound = Math.min(cap.toMillis(), BASE.toMillis() << Math.min(failures, 20));
        failures++;
        Duration wait = Duration.ofMillis(FLOOR.toMillis() + random.nextLong(bound - FLOOR.toMillis() + 1));
        waited = waited.plus(wait);
        return wait;
    }

    /** At least what the server asked for, plus some jitter so that not all come back together. */
    public Duration next(Duration asked) {
        Duration own = next();
        return asked.compareTo(own) > 0 ? asked.plusMillis(random.nextLong(asked.toMillis() / 2 + 1)) : own;
    }

    /** It worked: the next outage begins from the floor again. */
    public void reset() {
        failures = 0;
        waited = Duration.ZERO;
    }

    /** Failures since the last success. */
    public int failures() {
        return failures;
    }
}
