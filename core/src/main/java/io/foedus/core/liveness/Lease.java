package io.foedus.core.liveness;

import java.time.Duration;
import java.time.Instant;

/**
 * A promise to be heard from again.
 *
 * @param renewedAt when it was last heard from
 * @param ttl how long that counts, positive
 */
public record Lease(Instant renewedAt, Duration ttl) {
    /**
     * Refuses a lease that never holds.
     *
     * @throws IllegalArgumentException if the time to live is not positive
     */
    public Lease {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("a lease's time to live must be positive, not " + ttl);
        }
    }

    public Instant expiresAt() {
        return renewedAt.plus(ttl);
    }

    /** Whether the lease has run out; at the very instant it has. */
    public boolean expiredAt(Instant now) {
        return !now.isBefore(expiresAt());
    }

    /** When the holder should renew: after a third of the time to live, so that two renewals may get lost. */
    public Instant renewAt() {
        return renewedAt.plus(ttl.dividedBy(3));
    }

    /** The lease after a renewal; one that arrives out of order changes nothing. */
    public Lease renewed(Instant at) {
        return at.isAfter(renewedAt) ? new Lease(at, ttl) : this;
    }
}
