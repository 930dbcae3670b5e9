package io.foedus.combiner.agents.boundary;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls whose other side does nothing for too long, so that nobody holds a place for ever. Safe for many threads.
 */
public final class Patience {
    private final Clock clock;
    private final Duration limit;
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();

    /** @param limit how long the other side may do nothing */
    public Patience(Clock clock, Duration limit) {
        this.clock = clock;
        this.limit = limit;
    }

    public Duration limit() {
        return limit;
    }

    /**
     * Watches over a call. Nothing is waited for until {@link Wait#begin}.
     *
     * @param giveUp ends the call; run by the thread of {@link #check}
     */
    public Wait over(Runnable giveUp) {
        return new Wait(giveUp);
    }

    /** Gives up what has waited for too long. */
    public void check() {
        Instant latest = clock.instant().minus(limit);
        for (Wait wait : waits) {
            Instant since = wait.since;
            if (since != null && since.isBefore(latest)) {
                wait.end();
                wait.giveUp.run();
            }
        }
    }

    /** The other side of one call. */
    public final class Wait {
        private final Runnable giveUp;
        private volatile @Nullable Instant since;

        private Wait(Runnable giveUp) {
            this.giveUp = giveUp;
        }

        /** From now on the other side has to do something. */
        public void begin() {
            since = clock.instant();
            waits.add(this);
        }

        /** It did, or it is our turn. */
        public void end() {
            since = null;
            waits.remove(this);
        }
    }
}
