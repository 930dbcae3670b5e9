package io.foedus.web.charts;

import java.util.List;

/**
 * One line or one layer of bars.
 *
 * @param tone name of a colour with a meaning, or null for the next of the palette
 * @param low lower edge of a band around the values, or null; {@code high} likewise
 */
public record Series(String name, String tone, List<Double> values, List<Double> low, List<Double> high) {
    public static Series of(String name, String tone, List<Double> values) {
        return new Series(name, tone, values, null, null);
    }
}
