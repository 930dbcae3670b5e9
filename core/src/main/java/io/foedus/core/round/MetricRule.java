package io.foedus.core.round;

import java.util.List;
import java.util.OptionalInt;

/**
 * A metric that models are compared by, written {@code max:accuracy} or {@code min:loss}.
 *
 * @param metric the name under which clients report it
 * @param larger whether larger is better
 */
public record MetricRule(String metric, boolean larger) {
    /**
     * Refuses a metric without a name.
     *
     * @throws IllegalArgumentException saying so
     */
    public MetricRule {
        if (metric.isBlank()) {
            throw new IllegalArgumentException("a metric needs a name");
        }
    }

    /**
     * Reads a rule.
     *
     * @throws IllegalArgumentException naming the form
     */
    public static MetricRule parse(String text) {
        String stripped = text.strip();
        if (!stripped.matches("(max|min):.+")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not of the form max:metric or min:metric, for example max:accuracy");
        }
        return new MetricRule(stripped.substring(4), stripped.startsWith("max"));
    }

    public String spec() {
        return (larger ? "max:" : "min:") + metric;
    }

    /** By how much a value is better than another; negative if worse. */
    public double gain(double value, double over) {
        return larger ? value - over : over - value;
    }

    /** The index of the best value; the first of equals; empty if there is none but NaN. */
    public OptionalInt best(List<Double> values) {
        int best = -1;
        for (int i = 0; i < values.size(); i++) {
            if (!values.get(i).isNaN() && (best < 0 || gain(values.get(i), values.get(best)) > 0)) {
                best = i;
            }
        }
        return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
    }
}
