package io.foedus.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every fault at every step of a round where it makes sense. {@code -Pfull} plays all cases, without it a few;
 * {@code -Dfaults.seed=} repeats a run, {@code -Dfaults.only=} plays the cases whose names contain one of some texts.
 */
@ExtendWith(SharedStage.class)
class FaultsIT {
    private static final long SEED = Long.getLong("faults.seed", new Random().nextLong() >>> 1);
    private static final String ONLY = System.getProperty("faults.only", "");
    private static final boolean ALL = Boolean.getBoolean("full");

    /** The most telling ones: the death of each program where it hurts most, a line cut, a request repeated. */
    private static final Map<Fault, Set<Step>> FEW = Map.of(
            Fault.KILL_CONTROLLER, EnumSet.of(Step.COMMIT),
            Fault.KILL_COMBINER, EnumSet.of(Step.AFTER_RECEIPT),
            Fault.KILL_AGENT, EnumSet.of(Step.BEFORE_RECEIPT),
            Fault.KILL_DATABASE, EnumSet.of(Step.COMMIT),
            Fault.CUT_COMBINER_CONTROLLER, EnumSet.of(Step.REPORT),
            Fault.REPEAT_REQUEST, EnumSet.of(Step.REPORT));

    private final Stage stage;
    private final Score score;

    FaultsIT(Stage stage, Score score) {
        this.stage = stage;
        this.score = score;
    }

    @TestFactory
    Stream<DynamicTest> a_session_completes_and_every_accepted_update_counts_once_after() {
        System.out.println("faults by -Dfaults.seed=" + SEED);
        return cases().stream()
                .map(one ->
                        DynamicTest.dynamicTest(one.toString(), () -> score.of(one.toString(), () -> one.play(stage))));
    }

    private static List<Case> cases() {
        Random random = new Random(SEED);
        List<Case> cases = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            for (Step step : fault.steps()) {
                Case one = new Case(step, fault, random.nextInt(1 << 30));
                if (ONLY.isEmpty() ? ALL || isOfTheFew(one) : isNamed(one)) {
                    cases.add(one);
                }
            }
        }
        return cases;
    }

    private static boolean isOfTheFew(Case one) {
        return FEW.getOrDefault(one.fault(), Set.of()).contains(one.step());
    }

    private static boolean isNamed(Case one) {
        return Arrays.stream(ONLY.split(",", 0)).anyMatch(one.toString()::contains);
    }
}
