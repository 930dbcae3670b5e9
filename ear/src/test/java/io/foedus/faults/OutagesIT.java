package io.foedus.faults;

import io.foedus.federation.Full;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Programs that are away, or stand still, for longer than a deadline or a lease; {@code -Dfaults.seed=} and
 * {@code -Dfaults.only=} as in {@link FaultsIT}.
 */
@Full
@ExtendWith(SharedStage.class)
class OutagesIT {
    private static final long SEED = Long.getLong("faults.seed", new Random().nextInt(1 << 30));
    private static final String ONLY = System.getProperty("faults.only", "");

    private final Venue venue;
    private final Score score;

    OutagesIT(Venue venue, Score score) {
        this.venue = venue;
        this.score = score;
    }

    @TestFactory
    Stream<DynamicTest> a_session_completes_and_every_accepted_update_counts_once_after() {
        System.out.println("outages by -Dfaults.seed=" + SEED);
        return chosen().stream()
                .map(outage -> DynamicTest.dynamicTest(
                        outage.toString(),
                        () -> score.of(outage.toString(), () -> venue.play(stage -> outage.play(stage, SEED)))));
    }

    private static List<Outage> chosen() {
        return Outage.all().stream()
                .filter(outage -> Arrays.stream(ONLY.split(",", 0)).anyMatch(outage.name()::contains))
                .toList();
    }
}
