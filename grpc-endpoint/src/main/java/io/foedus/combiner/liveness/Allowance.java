package io.foedus.combiner.liveness;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** How often each client may do something: so many times a minute. Safe for many threads. */
public final class Allowance {
    /** What a client may do now. */
    public enum Answer {
        YES,
        /** No, and it is the first no in this minute. */
        FIRST_NO,
        NO
    }

    private final int most;
    private final Clock clock;
    private final Map<UUID, Integer> used = new HashMap<>();
    private long minute;

    public Allowance(int most, Clock clock) {
        this.most = most;
        this.clock = clock;
    }

    /** Counts one more. */
    public synchronized Answer use(UUID client) {
        long now = clock.instant().getEpochSecond() / 60;
        if (now != minute) {
            minute = now;
            used.clear();
        }
        int times = used.merge(client, 1, Integer::sum);
        return times <= most ? Answer.YES : times == most + 1 ? Answer.FIRST_NO : Answer.NO;
    }
}
