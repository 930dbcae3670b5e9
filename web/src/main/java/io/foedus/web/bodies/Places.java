package io.foedus.web.bodies;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A bounded number of places, and how many of them one caller may take. Thread-safe. */
public final class Places {
    /** How many callers that nobody knows it takes at least to fill the places that are for them. */
    private static final int UNKNOWN_TO_FILL = 4;

    private final int most;
    private final int mostOfUnknown;
    private final int mostOfOne;
    private final Map<String, Integer> ofOne = new HashMap<>();
    private int taken;
    private int unknown;

    /**
     * @param most places in all
     * @param mostOfUnknown of these for callers that nobody knows
     * @param mostOfOne of these for one caller; one that nobody knows gets a quarter of what is for all such at most
     */
    public Places(int most, int mostOfUnknown, int mostOfOne) {
        this.most = most;
        this.mostOfUnknown = mostOfUnknown;
        this.mostOfOne = mostOfOne;
    }

    /** A place, if there is one; whoever gets it gives it back by running it, once or more. */
    public synchronized Optional<Runnable> take(boolean known, String who) {
        String one = known ? who : "unknown at " + who;
        int share = known ? mostOfOne : Math.min(mostOfOne, Math.max(1, mostOfUnknown / UNKNOWN_TO_FILL));
        if (taken >= most || !known && unknown >= mostOfUnknown || ofOne.getOrDefault(one, 0) >= share) {
            return Optional.empty();
        }
        count(known, one, 1);
        AtomicBoolean held = new AtomicBoolean(true);
        return Optional.of(() -> {
            if (held.getAndSet(false)) {
                count(known, one, -1);
            }
        });
    }

    private synchronized void count(boolean known, String who, int change) {
        taken += change;
        unknown += known ? 0 : change;
        ofOne.merge(who, change, (before, more) -> before + more == 0 ? null : before + more);
    }
}
