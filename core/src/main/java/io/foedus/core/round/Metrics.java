package io.foedus.core.round;

import io.foedus.core.json.Json;
import io.foedus.core.json.JsonException;
import io.foedus.core.text.Printable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client measured: at most 200 entries with printable names of 1 to 100 characters. A number is finite and at
 * most 1e100 in size, so that sums and squares of it are finite too; nearer to zero than 1e-100 it is zero. Beside
 * numbers there may be texts, flags, lists and objects, 64 KiB of them together.
 *
 * <p>{@link #read} is the only way in. An entry that does not keep to this is left out and named; the others count:
 * hours of training are not thrown away for one NaN.
 *
 * @param values numbers are {@link Double}
 */
public record Metrics(Map<String, Object> values) {
    /** Most entries. */
    public static final int MOST = 200;
    /** Longest name, in characters. */
    public static final int LONGEST_NAME = 100;
    /** Largest size of a number. */
    public static final double LARGEST = 1e100;

    /** No metrics at all. */
    public static final Metrics NONE = new Metrics(Map.of());

    private static final int LONGEST_REST = 64 << 10;
    private static final int DEEPEST = 8;
    private static final int NAMED = 5;

    /**
     * Refuses what {@link #read} would leave out.
     *
     * @throws IllegalArgumentException naming it
     */
    public Metrics {
        if (values.size() > MOST) {
            throw new IllegalArgumentException("more than " + MOST + " metrics");
        }
        values.forEach((name, value) -> fault(name, value).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        }));
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * What was read.
     *
     * @param dropped a sentence for each entry that was left out, if there were not too many
     */
    public record Reading(Metrics metrics, List<String> dropped) {
        /** What was left out and why, in one line; empty if everything is there. */
        public Optional<String> complaint() {
            return dropped.isEmpty()
                    ? Optional.empty()
                    : Optional.of("metrics left out: " + String.join("; ", dropped));
        }
    }

    /** Reads the members of an object; those that are null say nothing. */
    public static Reading read(Map<?, ?> members) {
        Map<String, Object> kept = new LinkedHashMap<>();
        List<String> dropped = new ArrayList<>();
        int more = 0;
        int beyond = 0;
        int room = LONGEST_REST;
        for (Map.Entry<?, ?> member : members.entrySet()) {
            String name = String.valueOf(member.getKey());
            Object value = member.getValue();
            if (value == null) {
                continue;
            }
            if (kept.size() == MOST) {
                beyond++;
                continue;
            }
            Optional<String> fault = fault(name, value);
            int length = fault.isPresent() ? 0 : length(value);
            if (fault.isEmpty() && length > room) {
                fault = Optional.of("'" + name + "' is too long: all that is no number may have " + LONGEST_REST
                        + " characters together");
            }
            if (fault.isEmpty()) {
                room -= length;
                kept.put(name, tidy(value));
            } else if (dropped.size() < NAMED) {
                dropped.add(fault.get());
            } else {
                more++;
            }
        }
        if (more > 0) {
            dropped.add(more + " more of that kind");
        }
        if (beyond > 0) {
            dropped.add(beyond + " beyond the first " + MOST);
        }
        return new Reading(kept.isEmpty() ? NONE : new Metrics(kept), List.copyOf(dropped));
    }

    /**
     * Reads a JSON object; also one with {@code NaN} and {@code Infinity}, as Python writes it.
     *
     * @throws JsonException if it is none
     */
    public static Reading parse(String json) {
        return read(Json.lenientObject(json));
    }

    /** Why that cannot be a metric; empty if it can. */
    public static Optional<String> fault(String name, Object value) {
        if (name.isBlank()) {
            return Optional.of("a metric has no name");
        }
        String shown = "'" + Printable.line(name, LONGEST_NAME) + "'";
        if (name.length() > LONGEST_NAME) {
            return Optional.of(shown + " is a name of more than " + LONGEST_NAME + " characters");
        }
        if (!Printable.is(name)) {
            return Optional.of(shown + " is a name with a character that cannot be printed");
        }
        String fault = fault(value, DEEPEST);
        return fault == null ? Optional.empty() : Optional.of(shown + " " + fault);
    }

    private static @Nullable String fault(@Nullable Object value, int depth) {
        if (value instanceof Number number) {
            double real = number.doubleValue();
            return Math.abs(real) <= LARGEST
                    ? null
                    : "is " + (Double.isNaN(real) ? "NaN" : Double.isInfinite(real) ? "not finite" : "beyond 1e100");
        }
        if (value == null || value instanceof CharSequence || value instanceof Boolean) {
            return null;
        }
        if (depth == 0) {
            return "is nested more than " + DEEPEST + " levels deep";
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(element -> fault(element, depth - 1))
                    .filter(fault -> fault != null)
                    .findFirst()
                    .map(fault -> "holds an entry that " + fault)
                    .orElse(null);
        }
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> member : map.entrySet()) {
                String fault = Printable.is(String.valueOf(member.getKey()))
                        ? fault(member.getValue(), depth - 1)
                        : "has a name with a character that cannot be printed";
                if (fault != null) {
                    return "holds an entry that " + fault;
                }
            }
            return null;
        }
        return "is neither number nor text";
    }

    /** Characters of what is no number. */
    private static int length(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            return text.length();
        }
        if (value instanceof List<?> list) {
            return list.stream().mapToInt(element -> 2 + length(element)).sum();
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .mapToInt(member -> 4 + String.valueOf(member.getKey()).length() + length(member.getValue()))
                    .sum();
        }
        return 0;
    }

    private static Object tidy(Object value) {
        if (value instanceof Number number) {
            double real = number.doubleValue();
            return Math.abs(real) < 1 / LARGEST ? 0.0 : real;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> tidied = new ArrayList<>();
            list.forEach(element -> tidied.add(element == null ? null : tidy(element)));
            return Collections.unmodifiableList(tidied);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> tidied = new LinkedHashMap<>();
            map.forEach((name, member) -> tidied.put(String.valueOf(name), member == null ? null : tidy(member)));
            return Collections.unmodifiableMap(tidied);
        }
        return value instanceof Boolean ? value : Printable.tail(value.toString(), LONGEST_REST);
    }

    /** Those that are numbers. */
    public Map<String, Double> numbers() {
        Map<String, Double> numbers = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (value instanceof Double number) {
                numbers.put(name, number);
            }
        });
        return Collections.unmodifiableMap(numbers);
    }

    /** Those of numbers only, read leniently: what cannot be a metric is left out without a word. */
    public static Map<String, Double> numbers(Map<?, ?> members) {
        return read(members).metrics().numbers();
    }
}
