package io.foedus.combiner.agents.control;

import io.foedus.combiner.liveness.Allowance;
import io.foedus.combiner.uplink.control.Notices;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/** How often a client may open its stream of tasks, of whichever protocol; operators hear of one that is beyond it. */
public final class Openings {
    private static final int A_MINUTE = 60;

    private final Allowance allowance;
    private final Notices notices;

    public Openings(Notices notices, Clock clock) {
        this.allowance = new Allowance(A_MINUTE, Duration.ofMinutes(1).dividedBy(A_MINUTE), clock);
        this.notices = notices;
    }

    /** Counts one more; answers whether it may be. */
    public boolean admits(UUID client) {
        boolean admitted = allowance.take(client);
        if (!admitted) {
            notices.sparingly(
                    "CLIENT_TOO_OFTEN",
                    "it has opened more than " + A_MINUTE + " streams of tasks in a minute; the others are refused",
                    client);
        }
        return admitted;
    }
}
