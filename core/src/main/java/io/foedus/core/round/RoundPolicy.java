package io.foedus.core.round;

import java.time.Duration;

/**
 * When a collection closes; the same rule for updates of clients and for partials of combiners.
 *
 * @param minUpdates fewest accepted updates that make a result, at least 1
 * @param targetUpdates as soon as so many are accepted there is nothing to wait for, at least {@code minUpdates}
 * @param minWait how long to hope for the target; after that the minimum is enough. Equal to {@code maxWait}: always
 *     hope
 * @param maxWait after this nothing waits
 */
public record RoundPolicy(int minUpdates, int targetUpdates, Duration minWait, Duration maxWait) {
    /**
     * Refuses policies that cannot be met.
     *
     * @throws IllegalArgumentException saying which bound is wrong
     */
    public RoundPolicy {
        if (minUpdates < 1) {
            throw new IllegalArgumentException("a round needs at least one update, not " + minUpdates);
        }
        if (targetUpdates < minUpdates) {
            throw new IllegalArgumentException(
                    "the target of " + targetUpdates + " updates is below the minimum of " + minUpdates);
        }
        if (minWait.isNegative() || maxWait.isNegative() || minWait.compareTo(maxWait) > 0) {
            throw new IllegalArgumentException(
                    "the minimum wait of " + minWait + " must lie between zero and the deadline of " + maxWait);
        }
    }

    /**
     * Judges the state of a collection.
     *
     * <ul>
     *   <li>The target is reached: CLOSE, at once.
     *   <li>Nobody is outstanding: CLOSE with the minimum, else ABORT; lost participants thus never make anyone wait.
     *   <li>The minimum can no longer be reached: ABORT, at once.
     *   <li>The deadline is over: CLOSE with the minimum, else ABORT.
     *   <li>The minimum is reached and the minimum wait is over: CLOSE.
     *   <li>Otherwise WAIT.
     * </ul>
     *
     * @param elapsed since the collection began, not negative
     */
    public Verdict judge(Tally tally, Duration elapsed) {
        if (tally.accepted() >= targetUpdates) {
            return Verdict.CLOSE;
        }
        boolean enough = tally.accepted() >= minUpdates;
        if (tally.outstanding() == 0 || elapsed.compareTo(maxWait) >= 0) {
            return enough ? Verdict.CLOSE : Verdict.ABORT;
        }
        if (tally.accepted() + tally.outstanding() < minUpdates) {
            return Verdict.ABORT;
        }
        return enough && elapsed.compareTo(minWait) >= 0 ? Verdict.CLOSE : Verdict.WAIT;
    }
}
