package io.foedus.combiner.liveness;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much each may spend: so much at once, then one more each period. Remembers the latest ten thousand, all others
 * have everything left. Safe for many threads.
 */
public final class Allowance {
    private static final int MOST = 10_000;

    private final int atOnce;
    private final Duration period;
    private final Clock clock;
    private final Map<Object, Instant> settledAt = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Instant> eldest) {
            return size() > MOST;
        }
    };

    /** @param period after which one more may be spent */
    public Allowance(int atOnce, Duration period, Clock clock) {
        this.atOnce = atOnce;
        this.period = period;
        this.clock = clock;
    }

    /** Whether anything is left. */
    public synchronized boolean has(Object who) {
        Instant settled = settledAt.get(who);
        return settled == null || !settled.plus(period).isAfter(clock.instant().plus(period.multipliedBy(atOnce)));
    }

    /** Spends one, also if nothing is left. */
    public synchronized void spend(Object who) {
        Instant now = clock.instant();
        Instant settled = settledAt.getOrDefault(who, now);
        Instant from = settled.isAfter(now) ? settled : now;
        Instant latest = now.plus(period.multipliedBy(atOnce));
        Instant next = from.plus(period);
        settledAt.put(who, next.isAfter(latest) ? latest : next);
    }

    /** Spends one if there is one left. */
    public synchronized boolean take(Object who) {
        boolean has = has(who);
        if (has) {
            spend(who);
        }
        return has;
    }
}
