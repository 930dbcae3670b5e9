package io.foedus.core.round;

import io.foedus.core.json.JsonObject;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a session, checked once, here: a plan that exists can be carried out.
 *
 * @param rounds how many rounds, 1 to 1,000,000
 * @param minClients fewest accepted updates that make a round
 * @param targetClients how many updates a round would like to have, at least {@code minClients}
 * @param overSelection how many clients are asked per wanted update, 1 to 10
 * @param minWait how long a round hopes for its target before the minimum is enough
 * @param deadline when a round ends at the latest
 * @param mode what a round waits for
 * @param bufferSize updates per model in buffered mode, at least {@code minClients}
 * @param maxStaleness in buffered mode, the oldest model an update may have started from, counted in models
 * @param selection whom to ask
 * @param selectionSeed the seed of that choice
 * @param validateEvery validate after every n-th round; 0 for never
 * @param validationFraction share of the clients asked to validate, above 0 up to 1
 * @param aggregator spec of the aggregator ({@code Aggregators.parse})
 * @param optimizer spec of the server optimizer ({@code ServerOptimizers.parse})
 * @param local settings handed to the entry points as they are: epochs, learning rate, …
 * @param stop when to end early
 * @param best by what the best model is chosen
 * @param keepUpdates whether updates stay in the store after their round, so that it can be recomputed
 */
public record SessionPlan(
        int rounds,
        int minClients,
        int targetClients,
        double overSelection,
        Duration minWait,
        Duration deadline,
        RoundMode mode,
        int bufferSize,
        int maxStaleness,
        Selection selection,
        long selectionSeed,
        int validateEvery,
        double validationFraction,
        String aggregator,
        String optimizer,
        Map<String, String> local,
        Optional<StopRule> stop,
        Optional<MetricRule> best,
        boolean keepUpdates) {
    /**
     * Checks every bound.
     *
     * @throws InvalidPlanException with all problems
     */
    public SessionPlan {
        local = Collections.unmodifiableMap(new TreeMap<>(local));
        PlanCheck check = new PlanCheck();
        check.within("rounds", rounds, 1, 1_000_000);
        check.within("minClients", minClients, 1, 1_000_000);
        check.within("targetClients", targetClients, Math.max(1, minClients), 1_000_000);
        check.within("overSelection", overSelection, 1, 10);
        check.within("deadline", deadline, Duration.ofSeconds(1), Duration.ofDays(30));
        check.within("minWait", minWait, Duration.ZERO, deadline);
        check.within("bufferSize", bufferSize, Math.max(1, minClients), 1_000_000);
        check.within("maxStaleness", maxStaleness, 0, 1_000_000);
        check.within("validateEvery", validateEvery, 0, 1_000_000);
        check.within("validationFraction", validationFraction, Math.ulp(0.0), 1);
        check.rules(aggregator, optimizer, mode, minClients);
        check.judgedByValidation(validateEvery, stop.isPresent() || best.isPresent());
        check.done();
    }

    /** A plan with defaults: see {@link Builder}. */
    public static Builder builder() {
        return new Builder();
    }

    /** This plan, to be changed in some places. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * Reads a plan from JSON with the names of the components; durations are ISO-8601 text or seconds; absent members
     * have their defaults.
     *
     * @throws InvalidPlanException with all problems, unknown members among them
     */
    public static SessionPlan of(JsonObject json) {
        return PlanJson.read(json);
    }

    /** The plan as JSON values, readable by {@link #of}. */
    public Map<String, @Nullable Object> toJson() {
        return PlanJson.write(this);
    }

    /** The plan as text pairs, for a manifest. */
    public Map<String, String> toText() {
        Map<String, String> text = new LinkedHashMap<>();
        toJson().forEach((name, value) -> {
            if (value instanceof Map<?, ?> map) {
                map.forEach((key, setting) -> text.put(name + "." + key, String.valueOf(setting)));
            } else if (value != null) {
                text.put(name, value.toString());
            }
        });
        return text;
    }

    /** How many clients to ask for a round; in buffered mode how many work at once. */
    public int clientsToAsk() {
        int working = mode == RoundMode.BUFFERED ? Math.max(bufferSize, targetClients) : targetClients;
        return (int) Math.min(1_000_000, Math.ceil(working * overSelection));
    }

    /** When a round of this plan closes, seen from the controller: counted in clients' updates. */
    public RoundPolicy policy() {
        return switch (mode) {
            case SYNCHRONOUS, BUFFERED -> new RoundPolicy(minClients, wanted(), minWait, deadline);
            case DEADLINE -> new RoundPolicy(minClients, Integer.MAX_VALUE, deadline, deadline);
        };
    }

    /** Whether a round is followed by validation. */
    public boolean validates(int round) {
        return validateEvery > 0 && (round % validateEvery == 0 || round == rounds);
    }

    /** How many of these clients to ask to validate, at least one if there is any. */
    public int validators(int clients) {
        return (int) Math.ceil(clients * validationFraction);
    }

    private int wanted() {
        return mode == RoundMode.BUFFERED ? bufferSize : targetClients;
    }

    /** Collects the parameters; everything has a default. */
    public static final class Builder {
        int rounds = 5;
        int minClients = 1;

        @Nullable Integer targetClients;

        double overSelection = 1;

        @Nullable Duration minWait;

        Duration deadline = Duration.ofMinutes(10);
        RoundMode mode = RoundMode.SYNCHRONOUS;

        @Nullable Integer bufferSize;

        int maxStaleness = 10;
        Selection selection = Selection.RANDOM;
        long selectionSeed;
        int validateEvery = 1;
        double validationFraction = 1;
        String aggregator = "mean";
        String optimizer = "plain";
        Map<String, String> local = Map.of();

        @Nullable StopRule stop;

        @Nullable MetricRule best;

        boolean keepUpdates;

        private Builder() {}

        private Builder(SessionPlan plan) {
            rounds = plan.rounds;
            minClients = plan.minClients;
            targetClients = plan.targetClients;
            overSelection = plan.overSelection;
            minWait = plan.minWait;
            deadline = plan.deadline;
            mode = plan.mode;
            bufferSize = plan.bufferSize;
            maxStaleness = plan.maxStaleness;
            selection = plan.selection;
            selectionSeed = plan.selectionSeed;
            validateEvery = plan.validateEvery;
            validationFraction = plan.validationFraction;
            aggregator = plan.aggregator;
            optimizer = plan.optimizer;
            local = plan.local;
            stop = plan.stop.orElse(null);
            best = plan.best.orElse(null);
            keepUpdates = plan.keepUpdates;
        }

        public Builder rounds(int count) {
            rounds = count;
            return this;
        }

        public Builder minClients(int count) {
            minClients = count;
            return this;
        }

        /** Defaults to {@code minClients}. */
        public Builder targetClients(int count) {
            targetClients = count;
            return this;
        }

        public Builder overSelection(double factor) {
            overSelection = factor;
            return this;
        }

        /** Defaults to the deadline: a round hopes for its target as long as it may. */
        public Builder minWait(Duration wait) {
            minWait = wait;
            return this;
        }

        public Builder deadline(Duration wait) {
            deadline = wait;
            return this;
        }

        public Builder mode(RoundMode roundMode) {
            mode = roundMode;
            return this;
        }

        /** Defaults to the target. */
        public Builder bufferSize(int updates) {
            bufferSize = updates;
            return this;
        }

        public Builder maxStaleness(int models) {
            maxStaleness = models;
            return this;
        }

        public Builder selection(Selection choice) {
            selection = choice;
            return this;
        }

        public Builder selectionSeed(long seed) {
            selectionSeed = seed;
            return this;
        }

        public Builder validateEvery(int every) {
            validateEvery = every;
            return this;
        }

        public Builder validationFraction(double fraction) {
            validationFraction = fraction;
            return this;
        }

        public Builder aggregator(String spec) {
            aggregator = spec;
            return this;
        }

        public Builder optimizer(String spec) {
            optimizer = spec;
            return this;
        }

        public Builder local(Map<String, String> settings) {
            local = settings;
            return this;
        }

        public Builder stop(@Nullable StopRule rule) {
            stop = rule;
            return this;
        }

        public Builder best(@Nullable MetricRule rule) {
            best = rule;
            return this;
        }

        public Builder keepUpdates(boolean keep) {
            keepUpdates = keep;
            return this;
        }

        /**
         * The plan.
         *
         * @throws InvalidPlanException with all problems
         */
        public SessionPlan build() {
            int target = targetClients == null ? minClients : targetClients;
            return new SessionPlan(
                    rounds,
                    minClients,
                    target,
                    overSelection,
                    minWait == null ? deadline : minWait,
                    deadline,
                    mode,
                    bufferSize == null ? target : bufferSize,
                    maxStaleness,
                    selection,
                    selectionSeed,
                    validateEvery,
                    validationFraction,
                    aggregator,
                    optimizer,
                    local,
                    Optional.ofNullable(stop),
                    Optional.ofNullable(best),
                    keepUpdates);
        }
    }
}
