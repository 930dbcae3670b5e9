package io.foedus.controller.sessions.entity;

import io.foedus.core.round.MetricRule;
import io.foedus.core.round.RoundMode;
import io.foedus.core.round.SessionPlan;
import io.foedus.core.round.StopRule;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parameters of a session as {@code docs/api.md} writes them, complete with their defaults; {@link #rules} are the
 * same as the core understands them.
 *
 * @param targetClients 0 for all
 * @param settings handed to the entry points
 * @param stop null for none
 * @param best null for none
 * @param retries attempts per round beyond the first
 */
public record Plan(
        int rounds,
        int minClients,
        int targetClients,
        double overSelection,
        double minWaitSeconds,
        double deadlineSeconds,
        RoundMode mode,
        int bufferSize,
        double stalenessExponent,
        int maxStaleness,
        Selection selection,
        int validateEvery,
        double validateFraction,
        String aggregator,
        String optimizer,
        Map<String, Object> settings,
        Stop stop,
        Best best,
        boolean keepUpdates,
        int retries) {
    private static final int ALL = 1_000_000;

    public Plan {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }

    /** How clients are chosen. */
    public enum Kind {
        /** Everybody who is attached. */
        ALL,
        /** By lot. */
        RANDOM,
        /** By lot among those that have the labels. */
        ATTRIBUTE
    }

    /** Whom to ask; the seed makes the lot repeatable. */
    public record Selection(Kind kind, Map<String, String> labels, long seed) {
        public Selection {
            labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        }
    }

    /** Whether more of a metric is better. */
    public enum Goal {
        MAX,
        MIN
    }

    /** When to end early. */
    public record Stop(String metric, Goal goal, int patience, double minDelta) {}

    /** By what the best model is chosen. */
    public record Best(String metric, Goal goal) {}

    /**
     * The rules of the core.
     *
     * @throws io.foedus.core.round.InvalidPlanException with everything that is out of bounds
     */
    public SessionPlan rules() {
        return SessionPlan.builder()
                .rounds(rounds)
                .minClients(minClients)
                .targetClients(targetClients == 0 ? ALL : targetClients)
                .overSelection(overSelection)
                .minWait(seconds(minWaitSeconds))
                .deadline(seconds(deadlineSeconds))
                .mode(mode)
                .bufferSize(bufferSize == 0 ? Math.max(1, minClients) : bufferSize)
                .maxStaleness(maxStaleness)
                .selection(coreSelection())
                .selectionSeed(selection.seed())
                .validateEvery(validateEvery)
                .validationFraction(validateFraction)
                .aggregator(aggregator)
                .optimizer(optimizer)
                .local(local())
                .stop(
                        stop == null
                                ? null
                                : new StopRule(
                                        new MetricRule(stop.metric(), stop.goal() == Goal.MAX),
                                        stop.patience(),
                                        stop.minDelta()))
                .best(best == null ? null : new MetricRule(best.metric(), best.goal() == Goal.MAX))
                .keepUpdates(keepUpdates)
                .build();
    }

    /** The same plan with other rounds and another deadline. */
    public Plan with(int otherRounds, double otherDeadlineSeconds) {
        return new Plan(
                otherRounds,
                minClients,
                targetClients,
                overSelection,
                Math.min(minWaitSeconds, otherDeadlineSeconds),
                otherDeadlineSeconds,
                mode,
                bufferSize,
                stalenessExponent,
                maxStaleness,
                selection,
                validateEvery,
                validateFraction,
                aggregator,
                optimizer,
                settings,
                stop,
                best,
                keepUpdates,
                retries);
    }

    /** By what models are compared, if by anything: the best rule's metric, else the stop rule's. */
    public Optional<MetricRule> comparison() {
        SessionPlan rules = rules();
        return rules.best().or(() -> rules.stop().map(StopRule::by));
    }

    private io.foedus.core.round.Selection coreSelection() {
        if (selection.kind() == Kind.ALL) {
            return io.foedus.core.round.Selection.ALL;
        }
        Optional<String> attribute = selection.labels().entrySet().stream()
                .findFirst()
                .map(label -> label.getKey() + "=" + label.getValue());
        return new io.foedus.core.round.Selection(false, attribute);
    }

    private Map<String, String> local() {
        Map<String, String> text = new TreeMap<>();
        settings.forEach((name, value) -> text.put(name, String.valueOf(value)));
        return text;
    }

    private static Duration seconds(double value) {
        return Duration.ofMillis(Math.round(value * 1000));
    }
}
