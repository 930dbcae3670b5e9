package io.foedus.core.round;

import io.foedus.core.aggregation.Spec;
import java.util.List;

/**
 * When to end a session early, written {@code max:accuracy,patience,minDelta}.
 *
 * @param by the metric that should improve
 * @param patience validated rounds without improvement that are tolerated, at least 1
 * @param minDelta smallest gain that counts as improvement, not negative
 */
public record StopRule(MetricRule by, int patience, double minDelta) {
    /**
     * Refuses rules that stop at once or never.
     *
     * @throws IllegalArgumentException saying which bound is wrong
     */
    public StopRule {
        if (patience < 1) {
            throw new IllegalArgumentException("patience must be at least 1 round, not " + patience);
        }
        if (!(minDelta >= 0) || Double.isInfinite(minDelta)) {
            throw new IllegalArgumentException("the smallest gain must not be negative, it is " + minDelta);
        }
    }

    /**
     * Reads a rule.
     *
     * @throws IllegalArgumentException naming the form
     */
    public static StopRule parse(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length > 3) {
            throw new IllegalArgumentException("'" + text + "' is not of the form max:metric,patience,minDelta");
        }
        try {
            return new StopRule(
                    MetricRule.parse(parts[0]),
                    parts.length > 1 ? Integer.parseInt(parts[1].strip()) : 5,
                    parts.length > 2 ? Double.parseDouble(parts[2].strip()) : 0);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not of the form max:metric,patience,minDelta", e);
        }
    }

    public String spec() {
        return by.spec() + "," + patience + "," + Spec.plain(minDelta);
    }

    /**
     * Whether to stop.
     *
     * @param history the metric after each validated round, oldest first; NaN where it was missing
     */
    public boolean stop(List<Double> history) {
        double best = Double.NaN;
        int since = 0;
        for (double value : history) {
            if ((Double.isNaN(best) && !Double.isNaN(value)) || by.gain(value, best) > minDelta) {
                best = value;
                since = 0;
            } else {
                since++;
            }
        }
        return since >= patience;
    }
}
