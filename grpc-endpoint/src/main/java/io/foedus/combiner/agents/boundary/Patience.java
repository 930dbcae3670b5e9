package io.foedus.combiner.agents.boundary;

import io.foedus.core.transfer.Pace;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls whose other side does nothing for too long, and tells of senders that are too slow, so that nobody holds a
 * place for ever. Safe for many threads.
 */
public final class Patience {
    private final Clock clock;
    private final Duration limit;
    private final Pace pace;
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();

    /**
     * @param limit how long the other side may do nothing
     * @param bytesPerSecond how much a sender must bring on average while it is waited for as long as the limit
     */
    public Patience(Clock clock, Duration limit, long bytesPerSecond) {
        this.clock = clock;
        this.limit = limit;
        this.pace = new Pace(limit, bytesPerSecond, limit).ofAnyLength();
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
        private final Pace.Meter meter = pace.new Meter();
        private volatile @Nullable Instant since;

        private Wait(Runnable giveUp) {
            this.giveUp = giveUp;
        }

        /** From now on the other side has to do something. */
        public void begin() {
            since = clock.instant();
            waits.add(this);
        }

        /**
         * It sent so many bytes.
         *
         * @return whether it keeps up
         */
        public boolean came(int bytes) {
            Instant from = since;
            end();
            return meter.keepsUp(bytes, from == null ? Duration.ZERO : Duration.between(from, clock.instant()));
        }

        /** What came so far and how long it was waited for, for a sentence. */
        public String soFar() {
            return meter.toString();
        }

        /** It did, or it is our turn. */
        public void end() {
            since = null;
            waits.remove(this);
        }
    }
}
