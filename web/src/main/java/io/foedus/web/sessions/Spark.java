package io.foedus.web.sessions;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A curve as the points of an SVG polyline in a box of 100 by 24. Pure. */
final class Spark {
    private static final double WIDE = 98;
    private static final double HIGH = 20;

    private Spark() {}

    static String points(List<Double> values) {
        if (values.size() < 2) {
            return "";
        }
        double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        double range = most > least ? most - least : 1;
        return IntStream.range(0, values.size())
                .mapToObj(i -> String.format(
                        Locale.ROOT,
                        "%.1f,%.1f",
                        1 + WIDE * i / (values.size() - 1),
                        2 + HIGH * (most - values.get(i)) / range))
                .collect(Collectors.joining(" "));
    }
}
