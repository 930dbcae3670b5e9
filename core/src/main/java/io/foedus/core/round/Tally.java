package io.foedus.core.round;

/**
 * What has become of those who were asked.
 *
 * @param accepted updates that will be folded
 * @param rejected updates that were refused at the door
 * @param discarded updates that came too late, twice, or without being asked for
 * @param lost participants that will not deliver: they died, gave up or were cancelled
 * @param expected participants that were asked
 */
public record Tally(int accepted, int rejected, int discarded, int lost, int expected) {
    public static final Tally NONE = new Tally(0, 0, 0, 0, 0);

    /**
     * Refuses negative counts.
     *
     * @throws IllegalArgumentException naming the tally
     */
    public Tally {
        if (accepted < 0 || rejected < 0 || discarded < 0 || lost < 0 || expected < 0) {
            throw new IllegalArgumentException("a tally has no negative counts");
        }
    }

    /** Nobody has answered yet. */
    public static Tally expecting(int participants) {
        return new Tally(0, 0, 0, 0, participants);
    }

    /** Participants from whom an update may still come. Discarded updates settle nobody: their sender was not asked. */
    public int outstanding() {
        return Math.max(0, expected - accepted - rejected - lost);
    }

    /** Two disjoint groups as one: shares of several combiners make a round. */
    public Tally plus(Tally other) {
        return new Tally(
                accepted + other.accepted,
                rejected + other.rejected,
                discarded + other.discarded,
                lost + other.lost,
                expected + other.expected);
    }

    public Tally oneAccepted() {
        return new Tally(accepted + 1, rejected, discarded, lost, expected);
    }

    public Tally oneRejected() {
        return new Tally(accepted, rejected + 1, discarded, lost, expected);
    }

    public Tally oneDiscarded() {
        return new Tally(accepted, rejected, discarded + 1, lost, expected);
    }

    public Tally oneLost() {
        return new Tally(accepted, rejected, discarded, lost + 1, expected);
    }
}
