package io.foedus.core.plan;

import io.foedus.core.round.RoundMode;
import io.foedus.core.text.Printable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one plan from JSON values; what cannot be read is a breach, and its default takes its place meanwhile. */
final class PlanReader {
    private static final int SHOWN = 100;

    private final Breaches breaches = new Breaches();
    private final boolean strict;
    private final LongSupplier seeds;

    /** @param strict whether members that are not known, or do not count, are breaches too */
    PlanReader(boolean strict, LongSupplier seeds) {
        this.strict = strict;
        this.seeds = seeds;
    }

    Plan read(Map<?, ?> members) {
        Map<String, Object> given = present("", members);
        RoundMode mode = choice(PlanKey.MODE, RoundMode.class, given);
        double exponent = number(PlanKey.STALENESS_EXPONENT, given);
        double deadline = number(PlanKey.DEADLINE_SECONDS, given);
        Plan.Selection selection = selection(given);
        Optional<Plan.Stop> stop = stop(given);
        Optional<Plan.Best> best = best(given);
        Optional<Plan> plan = checked(() -> new Plan(
                whole(PlanKey.ROUNDS, given),
                whole(PlanKey.MIN_CLIENTS, given),
                whole(PlanKey.TARGET_CLIENTS, given),
                number(PlanKey.OVER_SELECTION, given),
                number(PlanKey.MIN_WAIT_SECONDS, given, deadline),
                deadline,
                mode,
                whole(PlanKey.BUFFER_SIZE, given),
                exponent,
                whole(PlanKey.MAX_STALENESS, given),
                selection,
                whole(PlanKey.VALIDATE_EVERY, given),
                number(PlanKey.VALIDATE_FRACTION, given),
                aggregator(mode, exponent, given),
                text(PlanKey.OPTIMIZER, given),
                settings(given),
                stop,
                best,
                flag(PlanKey.KEEP_UPDATES, given),
                whole(PlanKey.RETRIES, given)));
        breaches.done();
        return plan.orElseThrow();
    }

    private Plan.Selection selection(Map<String, Object> plan) {
        Map<String, Object> given = object(PlanKey.SELECTION, plan);
        Map<String, String> labels = new TreeMap<>();
        map(PlanKey.SELECTION_LABELS, given)
                .forEach((name, value) -> labels.put(String.valueOf(name), String.valueOf(value)));
        Plan.Kind kind = choice(PlanKey.SELECTION_KIND, Plan.Kind.class, given);
        long seed = seed(given);
        return checked(() -> new Plan.Selection(kind, labels, seed))
                .orElseGet(() -> new Plan.Selection(Plan.Kind.ALL, labels, seed));
    }

    private long seed(Map<String, Object> given) {
        Object value = given.get(local(PlanKey.SELECTION_SEED));
        if (value == null) {
            return seeds.getAsLong();
        }
        try {
            return new BigDecimal(value.toString()).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            wrong(PlanKey.SELECTION_SEED, "a whole number of 64 bits", value);
            return 0;
        }
    }

    private Optional<Plan.Stop> stop(Map<String, Object> plan) {
        if (!plan.containsKey(PlanKey.STOP.name())) {
            return Optional.empty();
        }
        Map<String, Object> given = object(PlanKey.STOP, plan);
        return checked(() -> new Plan.Stop(
                text(PlanKey.STOP_METRIC, given),
                choice(PlanKey.STOP_GOAL, Plan.Goal.class, given),
                whole(PlanKey.STOP_PATIENCE, given),
                number(PlanKey.STOP_MIN_DELTA, given)));
    }

    private Optional<Plan.Best> best(Map<String, Object> plan) {
        if (!plan.containsKey(PlanKey.BEST.name())) {
            return Optional.empty();
        }
        Map<String, Object> given = object(PlanKey.BEST, plan);
        return checked(() ->
                new Plan.Best(text(PlanKey.BEST_METRIC, given), choice(PlanKey.BEST_GOAL, Plan.Goal.class, given)));
    }

    /**
     * The rule of buffered mode takes the exponent in, unless a rule is named; an exponent out of bounds is told once.
     */
    private String aggregator(RoundMode mode, double exponent, Map<String, Object> given) {
        boolean derived = mode == RoundMode.BUFFERED && !given.containsKey(PlanKey.AGGREGATOR.name());
        if (strict || derived) {
            breaches.within(PlanKey.STALENESS_EXPONENT, exponent);
        }
        if (!derived) {
            return text(PlanKey.AGGREGATOR, given);
        }
        return PlanKey.STALENESS_EXPONENT.holds(exponent) ? "fedbuff:" + exponent : "fedbuff";
    }

    private Map<String, @Nullable Object> settings(Map<String, Object> given) {
        Map<String, @Nullable Object> settings = Values.members(map(PlanKey.SETTINGS, given));
        settings.forEach((name, value) -> {
            if (strict && Values.hasInfinite(value)) {
                wrong(PlanKey.SETTINGS, "made of numbers that are finite", name);
            }
        });
        return settings;
    }

    /** The members of an object that is a member; empty if it is absent. */
    private Map<String, Object> object(PlanKey key, Map<String, Object> given) {
        return present(key.name(), map(key, given));
    }

    private Map<?, ?> map(PlanKey key, Map<String, Object> given) {
        return member(key, given, Map.class, "an object").orElse(Map.of());
    }

    /** The members that say something, by name. */
    private Map<String, Object> present(String of, Map<?, ?> members) {
        Map<String, Object> present = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (strict && PlanKey.members(of).noneMatch(known -> known.equals(name))) {
                breaches.add(
                        (of.isEmpty() ? "" : of + ".") + Printable.line(String.valueOf(name), SHOWN),
                        " is not a session parameter; known are "
                                + PlanKey.members(of).collect(Collectors.joining(", ")));
            } else if (value != null) {
                present.put(String.valueOf(name), value);
            }
        });
        return present;
    }

    private int whole(PlanKey key, Map<String, Object> given) {
        int standard = key.standard() instanceof Integer number ? number : 0;
        Optional<Number> number = member(key, given, Number.class, "a whole number");
        double value = number.map(Number::doubleValue).orElse((double) standard);
        if (value != Math.rint(value)) {
            wrong(key, "a whole number", number.orElseThrow());
            return standard;
        }
        if (value != (int) value) {
            breaches.within(key, value);
            return standard;
        }
        return (int) value;
    }

    private double number(PlanKey key, Map<String, Object> given) {
        return number(key, given, key.standard() instanceof Double number ? number : 0);
    }

    private double number(PlanKey key, Map<String, Object> given, double standard) {
        return member(key, given, Number.class, "a number")
                .map(Number::doubleValue)
                .orElse(standard);
    }

    private boolean flag(PlanKey key, Map<String, Object> given) {
        return member(key, given, Boolean.class, "true or false").orElse(Boolean.TRUE.equals(key.standard()));
    }

    private String text(PlanKey key, Map<String, Object> given) {
        return member(key, given, String.class, "a text").orElse(key.standard() instanceof String text ? text : "");
    }

    private <E extends Enum<E>> E choice(PlanKey key, Class<E> type, Map<String, Object> given) {
        E standard = type.cast(Objects.requireNonNull(key.standard(), key.name()));
        Optional<String> name = member(key, given, String.class, "a text");
        if (name.isEmpty()) {
            return standard;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.name().equals(name.get().strip().toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseGet(() -> {
                    breaches.add(key, " " + shown(name.get()) + " is none of " + String.join(", ", key.choices()));
                    return standard;
                });
    }

    private <T> Optional<T> member(PlanKey key, Map<String, Object> given, Class<T> type, String what) {
        Object value = given.get(local(key));
        if (value != null && !type.isInstance(value)) {
            wrong(key, what, value);
            return Optional.empty();
        }
        return Optional.ofNullable(value).map(type::cast);
    }

    private void wrong(PlanKey key, String what, Object value) {
        breaches.add(key, " must be " + what + ", not " + shown(value));
    }

    private static String shown(Object value) {
        String text = Printable.line(value.toString(), SHOWN);
        return value instanceof CharSequence ? "'" + text + "'" : text;
    }

    private static String local(PlanKey key) {
        return key.name().substring(key.name().indexOf('.') + 1);
    }

    /** What is made, unless it is refused. */
    private <T> Optional<T> checked(Supplier<T> make) {
        try {
            return Optional.of(make.get());
        } catch (InvalidPlanException e) {
            breaches.addAll(e);
            return Optional.empty();
        }
    }
}
