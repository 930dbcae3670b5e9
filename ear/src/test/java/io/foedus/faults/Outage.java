package io.foedus.faults;

import static io.foedus.faults.Stage.LONG_LEASE;
import static io.foedus.faults.Stage.SHORT_LEASE;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A program is away or stands still for longer than a deadline or a lease, and comes back.
 *
 * @param name for people
 * @param lease of combiners
 * @param losesNobody whether the first round must complete at its first attempt with everybody's update
 * @param strike what happens after the start of a session
 */
record Outage(String name, Duration lease, boolean losesNobody, Consumer<Trial> strike) {
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    /** The steps of a round at which a combiner is stopped. */
    private static final List<Step> STEPS =
            List.of(Step.CLAIM, Step.UPLOAD, Step.BEFORE_RECEIPT, Step.AFTER_RECEIPT, Step.PARTIAL, Step.REPORT);

    static List<Outage> all() {
        Stream<Outage> away = Stream.of(
                new Outage("controller away across the deadline", LONG_LEASE, true, trial -> {
                    trial.begin(Step.AFTER_RECEIPT);
                    trial.away(trial.controller(), A_MOMENT);
                }),
                new Outage("database away across the deadline", LONG_LEASE, true, trial -> {
                    trial.begin(Step.AFTER_RECEIPT);
                    trial.away(trial.database(), A_MOMENT);
                }),
                new Outage("combiner stopped and database away across the deadline", LONG_LEASE, false, trial -> {
                    trial.beginWithOneReportAndOneUpdateOfAnother();
                    trial.combiner().signal("STOP");
                    trial.away(trial.database(), A_MOMENT);
                    trial.awaitJudgement();
                    trial.combiner().signal("CONT");
                }),
                new Outage(
                        "controller away across the deadline after one of two reports", SHORT_LEASE, false, trial -> {
                            trial.beginWithOneReportAndOneUpdateOfAnother();
                            trial.away(trial.controller(), A_MOMENT);
                            trial.awaitJudgement();
                        }),
                new Outage("controller away across deadline and leases", SHORT_LEASE, true, trial -> {
                    trial.begin(Step.AFTER_RECEIPT);
                    trial.away(trial.controller(), SHORT_LEASE.plus(A_MOMENT));
                }),
                new Outage("database away across deadline and leases", SHORT_LEASE, true, trial -> {
                    trial.begin(Step.AFTER_RECEIPT);
                    trial.away(trial.database(), SHORT_LEASE.plus(A_MOMENT));
                }));
        return Stream.concat(away, STEPS.stream().map(Outage::stopped)).toList();
    }

    private static Outage stopped(Step step) {
        String name = "combiner stopped beyond its lease at "
                + step.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new Outage(name, SHORT_LEASE, false, trial -> {
            trial.begin(step);
            trial.stop(trial.combiner(), SHORT_LEASE.plusSeconds(3));
        });
    }

    /** Plays it on a stage with short leases, which is whole afterwards if nothing was found. */
    void play(Stage stage, long seed) {
        stage.cast(Trial.AGENTS, 2, lease);
        Trial trial = new Trial(stage, seed + name.hashCode());
        try {
            strike.accept(trial);
            trial.check(losesNobody);
            stage.heal();
        } catch (AssertionError | RuntimeException e) {
            Evidence.keep(stage, trial.session(), name + ", seed " + seed + "\n" + e, name.replace(' ', '-'));
            throw e;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
