package io.foedus.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.TestAbortedException;

/**
 * Faults at random. {@code -Dfaults.random=30m} plays schedules for that long, the last one to its end; the first one's
 * seed is {@code -Dfaults.seed=} or drawn, each one after has the next number. So {@code -Dfaults.random=1s
 * -Dfaults.seed=N} repeats one. Skipped without {@code faults.random}.
 */
@EnabledIfSystemProperty(named = "faults.random", matches = ".+", disabledReason = "use -Dfaults.random=30m")
@ExtendWith(SharedStage.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RandomFaultsIT {
    private static final String SPAN = System.getProperty("faults.random", "1s");
    private static final long FIRST = Long.getLong("faults.seed", new Random().nextInt(1 << 30));

    private final Venue venue;
    private final Score score;
    private int survived;
    private long last;
    private final List<Long> lost = new ArrayList<>();

    RandomFaultsIT(Venue venue, Score score) {
        this.venue = venue;
        this.score = score;
    }

    @TestFactory
    Stream<DynamicTest> a_session_ends_as_planned_and_nothing_it_leaves_contradicts_itself() {
        long begin = System.nanoTime();
        Duration span = Span.parse(SPAN);
        return LongStream.iterate(FIRST, seed -> seed + 1)
                .takeWhile(seed -> seed == FIRST || System.nanoTime() - begin < span.toNanos())
                .mapToObj(Schedule::draw)
                .map(schedule -> DynamicTest.dynamicTest("seed " + schedule.seed(), () -> play(schedule)));
    }

    private void play(Schedule schedule) {
        System.out.println("  " + schedule);
        last = schedule.seed();
        try {
            score.of("random faults, seed " + last, () -> venue.play(schedule::play));
            survived++;
        } catch (TestAbortedException e) {
            throw e;
        } catch (AssertionError | RuntimeException e) {
            lost.add(last);
            throw e;
        }
    }

    @AfterAll
    void tell() {
        System.out.println("random faults survived: " + survived + "/" + (survived + lost.size())
                + " in " + SPAN + ", seeds " + FIRST + " to " + last
                + (lost.isEmpty()
                        ? ""
                        : "; NOT survived: repeat with -Dfaults.random=1s and "
                                + lost.stream()
                                        .map(seed -> "-Dfaults.seed=" + seed)
                                        .collect(Collectors.joining(", "))));
    }
}
