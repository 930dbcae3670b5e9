package io.foedus.agent.transfer;

import io.foedus.core.liveness.Backoff;
import io.foedus.core.liveness.Backoff.Pace;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How agents and people's commands come back to a server that is away. */
public final class Retry {
    /**
     * Thousands come back to one server, so waits grow to a minute; in the first two minutes they stay short, because
     * most outages are restarts.
     */
    public static final Pace PACE = new Pace(
            Duration.ofMillis(100),
            Duration.ofMillis(400),
            Duration.ofSeconds(3),
            Duration.ofMinutes(2),
            Duration.ofSeconds(60));

    private Retry() {}

    /** A backoff at that pace. */
    public static Backoff backoff(RandomGenerator jitter) {
        return new Backoff(PACE, jitter);
    }
}
