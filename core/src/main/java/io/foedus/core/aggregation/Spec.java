package io.foedus.core.aggregation;

import java.util.Arrays;
import java.util.List;

/** A rule with its arguments as people write it: {@code name:arg,arg}. An argument may be written {@code key=value}. */
public record Spec(String name, List<String> arguments) {
    public Spec {
        arguments = List.copyOf(arguments);
    }

    /**
     * Reads a spec.
     *
     * @throws IllegalArgumentException if the text is empty or not of that form
     */
    public static Spec parse(String text) {
        String stripped = text.strip();
        if (!stripped.matches("[a-z0-9][a-z0-9-]*(:.+)?")) {
            throw new IllegalArgumentException("'" + text + "' is not of the form name or name:argument,argument");
        }
        int colon = stripped.indexOf(':');
        if (colon < 0) {
            return new Spec(stripped, List.of());
        }
        return new Spec(
                stripped.substring(0, colon),
                Arrays.stream(stripped.substring(colon + 1).split(",", -1))
                        .map(String::strip)
                        .toList());
    }

    /** Refuses more arguments than the rule knows. */
    public Spec atMost(int count) {
        if (arguments.size() > count) {
            throw new IllegalArgumentException(
                    name + " takes at most " + count + " arguments, not " + arguments.size());
        }
        return this;
    }

    /**
     * The argument of that key, or at that place if it has no key.
     *
     * @param standard the value if it is absent
     * @param least smallest acceptable value
     * @param most largest acceptable value
     */
    public double number(int index, String key, double standard, double least, double most) {
        String text = text(index, key);
        if (text.isEmpty()) {
            return standard;
        }
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a number; " + name + " needs one for " + key, e);
        }
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(
                    key + " of " + name + " must be from " + plain(least) + " to " + plain(most) + ", not " + text);
        }
        return value;
    }

    /** Like {@link #number}, for whole numbers. */
    public int whole(int index, String key, int standard, int least, int most) {
        double value = number(index, key, standard, least, most);
        if (value != Math.rint(value)) {
            throw new IllegalArgumentException(key + " of " + name + " must be a whole number, not " + plain(value));
        }
        return (int) value;
    }

    /** Refuses keys that the rule does not know. */
    public Spec knowing(String... keys) {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals >= 0 && !List.of(keys).contains(argument.substring(0, equals))) {
                throw new IllegalArgumentException(name + " has no argument '" + argument.substring(0, equals)
                        + "'; it has " + String.join(", ", keys));
            }
        }
        return atMost(keys.length);
    }

    /** The argument of that key, or at that place if it has no key; empty if absent. */
    public String text(int index, String key) {
        for (String argument : arguments) {
            if (argument.startsWith(key + "=")) {
                return argument.substring(key.length() + 1);
            }
        }
        if (index < arguments.size() && !arguments.get(index).contains("=")) {
            return arguments.get(index);
        }
        return "";
    }

    /** A number without a needless fraction. */
    public static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
