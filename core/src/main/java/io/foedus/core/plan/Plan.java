package io.foedus.core.plan;

import io.foedus.core.round.RoundMode;
import io.foedus.core.round.RoundPolicy;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a session is asked to do, checked: a plan that exists can be carried out. Components are the keys of
 * {@link PlanKey}, which says what each means, what it is by default and how far it may go.
 *
 * @param targetClients 0 for all
 * @param bufferSize 0 for {@code minClients}
 * @param stalenessExponent already part of a default aggregator
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
        Map<String, @Nullable Object> settings,
        Optional<Stop> stop,
        Optional<Best> best,
        boolean keepUpdates,
        int retries) {
    private static final int ALL = 1_000_000;

    /**
     * Checks every bound.
     *
     * @throws InvalidPlanException with all breaches
     */
    public Plan {
        minWaitSeconds = toMillisecond(minWaitSeconds);
        deadlineSeconds = toMillisecond(deadlineSeconds);
        stalenessExponent += 0.0;
        settings = Values.members(settings);
        Breaches breaches = new Breaches();
        breaches.within(PlanKey.ROUNDS, rounds);
        breaches.within(PlanKey.MIN_CLIENTS, minClients);
        breaches.zeroOrWithin(PlanKey.TARGET_CLIENTS, targetClients, minClients);
        breaches.within(PlanKey.OVER_SELECTION, overSelection);
        breaches.within(
                PlanKey.MIN_WAIT_SECONDS,
                minWaitSeconds,
                0,
                PlanKey.DEADLINE_SECONDS.holds(deadlineSeconds) ? deadlineSeconds : PlanKey.MIN_WAIT_SECONDS.most());
        breaches.within(PlanKey.DEADLINE_SECONDS, deadlineSeconds);
        breaches.zeroOrWithin(PlanKey.BUFFER_SIZE, bufferSize, minClients);
        breaches.within(PlanKey.MAX_STALENESS, maxStaleness);
        breaches.within(PlanKey.VALIDATE_EVERY, validateEvery);
        if (validateEvery == 0 && (stop.isPresent() || best.isPresent())) {
            breaches.add(PlanKey.VALIDATE_EVERY, " must not be 0 when a stop rule or a best-model rule needs metrics");
        }
        breaches.within(PlanKey.VALIDATE_FRACTION, validateFraction);
        breaches.rules(aggregator, optimizer, mode, minClients);
        breaches.within(PlanKey.RETRIES, retries);
        breaches.done();
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
        /** @throws InvalidPlanException if there are no labels to choose by */
        public Selection {
            labels = Collections.unmodifiableMap(new TreeMap<>(labels));
            if (kind == Kind.ATTRIBUTE && labels.isEmpty()) {
                Breaches breaches = new Breaches();
                breaches.add(PlanKey.SELECTION_LABELS, " must name at least one label for the kind ATTRIBUTE");
                breaches.done();
            }
        }

        Map<String, @Nullable Object> toMap() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("kind", kind.name());
            map.put("labels", labels);
            map.put("seed", seed);
            return map;
        }
    }

    /** Whether more of a metric is better. */
    public enum Goal {
        MAX,
        MIN;

        /** By how much a value is better than another; negative if worse. */
        double gain(double value, double over) {
            return this == MAX ? value - over : over - value;
        }
    }

    /** By what the best model is chosen. */
    public record Best(String metric, Goal goal) {
        /** @throws InvalidPlanException if the metric has no name */
        public Best {
            requireName(PlanKey.BEST_METRIC, metric).done();
        }

        /** The index of the best value; the first of equals; empty if there is none but NaN. */
        public OptionalInt of(List<Double> values) {
            int best = -1;
            for (int i = 0; i < values.size(); i++) {
                if (!values.get(i).isNaN() && (best < 0 || goal.gain(values.get(i), values.get(best)) > 0)) {
                    best = i;
                }
            }
            return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
        }

        Map<String, @Nullable Object> toMap() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("metric", metric);
            map.put("goal", goal.name());
            return map;
        }
    }

    /** When to end early. */
    public record Stop(String metric, Goal goal, int patience, double minDelta) {
        /** @throws InvalidPlanException if the metric has no name, or the rule would stop at once or never */
        public Stop {
            minDelta += 0.0;
            Breaches breaches = requireName(PlanKey.STOP_METRIC, metric);
            breaches.within(PlanKey.STOP_PATIENCE, patience);
            breaches.within(PlanKey.STOP_MIN_DELTA, minDelta);
            breaches.done();
        }

        /**
         * Whether to stop.
         *
         * @param history the metric after each validated round, oldest first; NaN where it was missing
         */
        public boolean after(List<Double> history) {
            double best = Double.NaN;
            int since = 0;
            for (double value : history) {
                if ((Double.isNaN(best) && !Double.isNaN(value)) || goal.gain(value, best) > minDelta) {
                    best = value;
                    since = 0;
                } else {
                    since++;
                }
            }
            return since >= patience;
        }

        Map<String, @Nullable Object> toMap() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("metric", metric);
            map.put("goal", goal.name());
            map.put("patience", patience);
            map.put("minDelta", minDelta);
            return map;
        }
    }

    /**
     * Reads a plan that somebody wrote. Every member may be absent or null; one that does not exist is a breach.
     *
     * @param members JSON values by key
     * @param seeds gives a seed to a selection that names none
     * @throws InvalidPlanException with all breaches
     */
    public static Plan read(Map<String, ? extends @Nullable Object> members, LongSupplier seeds) {
        return new PlanReader(true, seeds).read(members);
    }

    /** As {@link #read(Map, LongSupplier)}; a selection that names no seed has 0. */
    public static Plan read(Map<String, ? extends @Nullable Object> members) {
        return read(members, () -> 0);
    }

    /**
     * Reads what {@link #toMap} of this or another version wrote: members that are not known are passed over, and only
     * what counts must be within its bounds.
     *
     * @throws InvalidPlanException with all breaches
     */
    public static Plan stored(Map<String, ? extends @Nullable Object> members) {
        return new PlanReader(false, () -> 0).read(members);
    }

    /**
     * This plan with some members changed.
     *
     * @throws InvalidPlanException with all breaches
     */
    public Plan with(Map<String, ?> changes) {
        Map<String, @Nullable Object> changed = toMap();
        changed.putAll(changes);
        return stored(changed);
    }

    /** The plan as JSON values, complete; {@code stop} and {@code best} only if there is such a rule. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("rounds", rounds);
        map.put("minClients", minClients);
        map.put("targetClients", targetClients);
        map.put("overSelection", overSelection);
        map.put("minWaitSeconds", minWaitSeconds);
        map.put("deadlineSeconds", deadlineSeconds);
        map.put("mode", mode.name());
        map.put("bufferSize", bufferSize);
        map.put("stalenessExponent", stalenessExponent);
        map.put("maxStaleness", maxStaleness);
        map.put("selection", selection.toMap());
        map.put("validateEvery", validateEvery);
        map.put("validateFraction", validateFraction);
        map.put("aggregator", aggregator);
        map.put("optimizer", optimizer);
        map.put("settings", settings);
        stop.ifPresent(rule -> map.put("stop", rule.toMap()));
        best.ifPresent(rule -> map.put("best", rule.toMap()));
        map.put("keepUpdates", keepUpdates);
        map.put("retries", retries);
        return map;
    }

    /** The longest time of a round. */
    public Duration deadline() {
        return duration(deadlineSeconds);
    }

    /** When a round closes, counted in clients' updates. */
    public RoundPolicy policy() {
        return mode == RoundMode.DEADLINE
                ? new RoundPolicy(minClients, Integer.MAX_VALUE, deadline(), deadline())
                : new RoundPolicy(
                        minClients,
                        mode == RoundMode.BUFFERED ? buffer() : target(),
                        duration(minWaitSeconds),
                        deadline());
    }

    /** How many of the attending clients to ask for a round; in buffered mode how many work at once. */
    public int clientsToAsk(int attending) {
        int working = mode == RoundMode.BUFFERED ? Math.max(buffer(), target()) : target();
        return targetClients == 0 ? attending : (int) Math.min(attending, Math.ceil(working * overSelection));
    }

    /** Whether a round is followed by validation. */
    public boolean validates(int round) {
        return validateEvery > 0 && (round % validateEvery == 0 || round == rounds);
    }

    /** How many of the attending clients to ask to validate, at least one if there is any. */
    public int validators(int attending) {
        return (int) Math.min(attending, Math.ceil(attending * validateFraction));
    }

    /** By what models are compared, if by anything: the best rule, else the stop rule's metric. */
    public Optional<Best> comparison() {
        return best.or(() -> stop.map(rule -> new Best(rule.metric(), rule.goal())));
    }

    private int target() {
        return targetClients == 0 ? ALL : targetClients;
    }

    private int buffer() {
        return bufferSize == 0 ? minClients : bufferSize;
    }

    private static Breaches requireName(PlanKey key, String metric) {
        Breaches breaches = new Breaches();
        if (metric.isBlank()) {
            breaches.add(key, " must name a metric");
        }
        return breaches;
    }

    private static double toMillisecond(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
