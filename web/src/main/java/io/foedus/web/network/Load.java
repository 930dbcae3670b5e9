package io.foedus.web.network;

import io.foedus.controller.telemetry.boundary.Sample;
import io.foedus.web.charts.Chart;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Samples as lines over the minutes before now. Pure. */
final class Load {
    /** How far back load is shown. */
    static final Duration BACK = Duration.ofHours(1);

    private Load() {}

    static String lines(Map<String, List<Sample>> samples, String name, double factor, String y, Instant now) {
        List<Chart.Line> lines = samples.entrySet().stream()
                .map(entry -> new Chart.Line(entry.getKey(), points(entry.getValue(), name, factor, now)))
                .filter(line -> !line.points().isEmpty())
                .toList();
        return Chart.lines("Minutes before now", y, lines, -BACK.toMinutes(), 0);
    }

    private static List<Chart.At> points(List<Sample> samples, String name, double factor, Instant now) {
        return samples.stream()
                .filter(sample -> sample.values().get(name) instanceof Number)
                .map(sample -> new Chart.At(
                        -Duration.between(sample.at(), now).toSeconds() / 60.0,
                        ((Number) sample.values().get(name)).doubleValue() * factor))
                .toList();
    }
}
