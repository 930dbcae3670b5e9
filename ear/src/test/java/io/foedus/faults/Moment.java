package io.foedus.faults;

import io.foedus.federation.Member;
import java.util.Optional;

/** A point of a round at which a test can stop the world. Prepared before the round, used once, by one thread. */
interface Moment {
    /** Waits until the round stands at this point. */
    void await();

    /** The program that was stopped here, where it is one of several; after {@link #await}. */
    default Optional<Member> stopped() {
        return Optional.empty();
    }

    /** Lets the round go on. */
    void release();
}
