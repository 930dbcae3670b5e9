package io.foedus.faults;

import io.foedus.federation.Member;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A point of a round at which a test can stop the world. Prepared before the round, used once, by one thread. */
interface Moment {
    Duration MOST = Duration.ofSeconds(60);

    /** Whether the round stands at this point. */
    boolean hasCome();

    /** Waits until the round stands at this point. */
    default void await() {
        if (!await(MOST)) {
            throw new AssertionError("this did not come within " + MOST.toSeconds() + " s: " + this);
        }
    }

    /** Waits no longer than that; false if the round did not come to this point. */
    default boolean await(Duration most) {
        try {
            Awaitility.await(toString())
                    .atMost(most)
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(this::hasCome);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    /** The program that was stopped here, where it is one of several; after {@link #await}. */
    default Optional<Member> stopped() {
        return Optional.empty();
    }

    /** Lets the round go on. */
    void release();
}
