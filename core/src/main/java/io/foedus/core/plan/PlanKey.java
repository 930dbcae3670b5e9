package io.foedus.core.plan;

import io.foedus.core.round.RoundMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One key of a plan: the only place that states its default, its bounds and what it means.
 *
 * @param name as everybody writes it; members of members have a dot, such as {@code stop.metric}
 * @param standard the default; null if there is none, or if {@code preset} tells how it comes about
 * @param preset the default in words
 * @param least smallest value, of numbers
 * @param most largest value, of numbers
 * @param choices the values there are, of a choice
 * @param bounds what is allowed, in words; empty if there is nothing to say
 * @param label what people read beside a field
 * @param sentence what it means
 */
public record PlanKey(
        String name,
        Type type,
        @Nullable Object standard,
        String preset,
        double least,
        double most,
        List<String> choices,
        String bounds,
        String label,
        String sentence) {
    /** What a value is. */
    public enum Type {
        WHOLE,
        NUMBER,
        SECONDS,
        FLAG,
        TEXT,
        CHOICE,
        OBJECT
    }

    private static final int MANY = 1_000_000;
    private static final double ABOVE_ZERO = Math.ulp(0.0);
    private static final double A_MONTH = 30 * 86_400.0;

    public static final PlanKey ROUNDS = whole("rounds", 5, 1, MANY, "Rounds", "How many rounds make a model.");
    public static final PlanKey MIN_CLIENTS =
            whole("minClients", 1, 1, MANY, "Minimum clients", "With fewer updates a round fails.");
    public static final PlanKey TARGET_CLIENTS = whole(
                    "targetClients",
                    0,
                    1,
                    MANY,
                    "Clients per round",
                    "How many updates a round would like to have; 0 means all.")
            .within("0, or `minClients` to 1,000,000");
    public static final PlanKey OVER_SELECTION =
            number("overSelection", 1.0, 1, 10, "Over-selection", "How many clients are asked per wanted update.");
    public static final PlanKey MIN_WAIT_SECONDS = seconds(
                    "minWaitSeconds",
                    null,
                    0,
                    A_MONTH,
                    "Minimum wait",
                    "How long to hope for the target; after that the minimum is enough.")
            .preset("the deadline")
            .within("0 to `deadlineSeconds`");
    public static final PlanKey DEADLINE_SECONDS = seconds(
            "deadlineSeconds", 600.0, 1, A_MONTH, "Longest round", "When a round ends at the latest, in seconds.");
    public static final PlanKey MODE = choice(
            "mode",
            RoundMode.SYNCHRONOUS,
            "A round closes",
            "What a round waits for: its target, its deadline, or a full buffer of updates.");
    public static final PlanKey BUFFER_SIZE = whole(
                    "bufferSize",
                    0,
                    1,
                    MANY,
                    "Buffer size",
                    "Updates per model in buffered mode; 0 means the minimum of clients.")
            .within("0, or `minClients` to 1,000,000");
    public static final PlanKey STALENESS_EXPONENT = number(
            "stalenessExponent",
            0.5,
            0,
            100,
            "Staleness exponent",
            "In buffered mode an update that began τ models ago counts (1+τ)^-exponent.");
    public static final PlanKey MAX_STALENESS = whole(
            "maxStaleness",
            10,
            0,
            MANY,
            "Oldest start",
            "How many models ago an update may have begun, in buffered mode.");
    public static final PlanKey SELECTION = object("selection", "all", "Client selection", "Whom to ask.");
    public static final PlanKey SELECTION_KIND = choice(
            "selection.kind",
            Plan.Kind.ALL,
            "Client selection",
            "All attached clients, some by lot, or some by lot of those that have the labels.");
    public static final PlanKey SELECTION_LABELS = object(
                    "selection.labels", "none", "Labels", "Labels that a client must have, such as site=north.")
            .within("at least one for `ATTRIBUTE`");
    public static final PlanKey SELECTION_SEED = new PlanKey(
            "selection.seed",
            Type.WHOLE,
            null,
            "drawn",
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            List.of(),
            "64 bits",
            "Seed",
            "Makes the lot repeatable.");
    public static final PlanKey VALIDATE_EVERY = whole(
            "validateEvery",
            1,
            0,
            MANY,
            "Validate every … rounds",
            "After how many rounds the model is validated, and after the last; 0 means never.");
    public static final PlanKey VALIDATE_FRACTION = number(
            "validateFraction",
            1.0,
            ABOVE_ZERO,
            1,
            "Clients that validate",
            "Share of the clients that are asked to validate, at least one.");
    public static final PlanKey AGGREGATOR = text(
                    "aggregator",
                    "mean",
                    "Aggregator",
                    "How updates become one, such as median or trimmed-mean:0.1. All but the mean limit what a hostile"
                            + " client can do.")
            .preset("`mean`; in buffered mode `fedbuff:` and the exponent");
    public static final PlanKey OPTIMIZER = text(
            "optimizer",
            "plain",
            "Server optimizer",
            "How the model takes over what was aggregated, such as fedadam:lr=0.01.");
    public static final PlanKey SETTINGS = object(
            "settings", "none", "Settings for the package", "Handed to the entry points of the package as they are.");
    public static final PlanKey STOP = object("stop", "none", "Early stop", "When to end before all rounds are done.");
    public static final PlanKey STOP_METRIC =
            metric("stop.metric", "Stop early by metric", "The metric that must improve.");
    public static final PlanKey STOP_GOAL =
            choice("stop.goal", Plan.Goal.MAX, "For that metric", "Whether more of the metric is better.");
    public static final PlanKey STOP_PATIENCE = whole(
            "stop.patience",
            5,
            1,
            Integer.MAX_VALUE,
            "… after rounds without improvement",
            "How many validated rounds without improvement are tolerated.");
    public static final PlanKey STOP_MIN_DELTA = number(
            "stop.minDelta",
            0.0,
            0,
            Double.MAX_VALUE,
            "Smallest gain",
            "The smallest gain that counts as improvement.");
    public static final PlanKey BEST = object("best", "none", "Best model", "By what the best model is chosen.");
    public static final PlanKey BEST_METRIC =
            metric("best.metric", "Keep the best model by metric", "The metric that models are compared by.");
    public static final PlanKey BEST_GOAL =
            choice("best.goal", Plan.Goal.MAX, "For that metric", "Whether more of the metric is better.");
    public static final PlanKey KEEP_UPDATES = new PlanKey(
            "keepUpdates",
            Type.FLAG,
            false,
            "false",
            0,
            0,
            List.of(),
            "",
            "Updates kept",
            "Whether updates stay in the store after their round, so that models can be computed again.");
    public static final PlanKey RETRIES =
            whole("retries", 2, 0, 100, "Retries", "Attempts per round beyond the first.");

    /** All keys, in the order in which plans are written. */
    public static final List<PlanKey> ALL = List.of(
            ROUNDS,
            MIN_CLIENTS,
            TARGET_CLIENTS,
            OVER_SELECTION,
            MIN_WAIT_SECONDS,
            DEADLINE_SECONDS,
            MODE,
            BUFFER_SIZE,
            STALENESS_EXPONENT,
            MAX_STALENESS,
            SELECTION,
            SELECTION_KIND,
            SELECTION_LABELS,
            SELECTION_SEED,
            VALIDATE_EVERY,
            VALIDATE_FRACTION,
            AGGREGATOR,
            OPTIMIZER,
            SETTINGS,
            STOP,
            STOP_METRIC,
            STOP_GOAL,
            STOP_PATIENCE,
            STOP_MIN_DELTA,
            BEST,
            BEST_METRIC,
            BEST_GOAL,
            KEEP_UPDATES,
            RETRIES);

    private static final Map<String, PlanKey> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(PlanKey::name, key -> key));

    /**
     * The key of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static PlanKey of(String name) {
        PlanKey key = BY_NAME.get(name);
        if (key == null) {
            throw new IllegalArgumentException(name + " is no key of a plan");
        }
        return key;
    }

    /** Names of the members that may stand in a member, such as those of {@code stop}; of the plan itself if empty. */
    static Stream<String> members(String of) {
        String prefix = of.isEmpty() ? "" : of + ".";
        return ALL.stream()
                .map(PlanKey::name)
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .filter(name -> !name.contains("."));
    }

    /** Help in one line: what it means and what it is if nothing is said. */
    public String help() {
        return sentence.substring(0, sentence.length() - 1) + " (" + preset.replace("`", "") + ").";
    }

    private static PlanKey whole(String name, int standard, int least, int most, String label, String sentence) {
        return numeric(name, Type.WHOLE, standard, least, most, label, sentence);
    }

    private static PlanKey number(
            String name, Double standard, double least, double most, String label, String sentence) {
        return numeric(name, Type.NUMBER, standard, least, most, label, sentence);
    }

    private static PlanKey seconds(
            String name, @Nullable Double standard, double least, double most, String label, String sentence) {
        return numeric(name, Type.SECONDS, standard, least, most, label, sentence);
    }

    private static PlanKey numeric(
            String name,
            Type type,
            @Nullable Number standard,
            double least,
            double most,
            String label,
            String sentence) {
        String preset = standard == null ? "" : Breaches.plain(standard.doubleValue());
        String bounds = (least == ABOVE_ZERO ? "above 0" : grouped(least))
                + (most >= Integer.MAX_VALUE ? " and above" : " to " + grouped(most));
        return new PlanKey(name, type, standard, preset, least, most, List.of(), bounds, label, sentence);
    }

    private static PlanKey choice(String name, Enum<?> standard, String label, String sentence) {
        List<String> choices = Arrays.stream(standard.getDeclaringClass().getEnumConstants())
                .map(value -> ((Enum<?>) value).name())
                .toList();
        return new PlanKey(
                name,
                Type.CHOICE,
                standard,
                "`" + standard.name() + "`",
                0,
                0,
                choices,
                choices.stream().map(choice -> "`" + choice + "`").collect(Collectors.joining(", ")),
                label,
                sentence);
    }

    private static PlanKey text(String name, String standard, String label, String sentence) {
        return new PlanKey(name, Type.TEXT, standard, "`" + standard + "`", 0, 0, List.of(), "", label, sentence);
    }

    private static PlanKey metric(String name, String label, String sentence) {
        return new PlanKey(name, Type.TEXT, null, "must be given", 0, 0, List.of(), "not empty", label, sentence);
    }

    private static PlanKey object(String name, String preset, String label, String sentence) {
        return new PlanKey(name, Type.OBJECT, null, preset, 0, 0, List.of(), "", label, sentence);
    }

    private PlanKey preset(String words) {
        return new PlanKey(name, type, standard, words, least, most, choices, bounds, label, sentence);
    }

    private PlanKey within(String words) {
        return new PlanKey(name, type, standard, preset, least, most, choices, words, label, sentence);
    }

    /** Whether a number is within the bounds. */
    boolean holds(double value) {
        return value >= least && value <= most;
    }

    /** What lies between two values, for a sentence: "from 1 s to 60 s". */
    String range(double from, double to) {
        String lower = from == ABOVE_ZERO ? "above 0" : shown(from);
        return to >= Integer.MAX_VALUE ? "at least " + lower : "from " + lower + " to " + shown(to);
    }

    String shown(double value) {
        return Breaches.plain(value) + (type == Type.SECONDS ? " s" : "");
    }

    private static String grouped(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,d", (long) value) : Breaches.plain(value);
    }
}
