package io.foedus.web.sessions;

import io.foedus.controller.insight.entity.MetricName;
import io.foedus.controller.validation.boundary.MetricSummary;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which of the metrics that clients report people want to see first. Pure. */
public final class Metrics {
    private Metrics() {}

    /**
     * The wished one if it is there; else one that clients differ in, as charts show how; an accuracy before what is
     * neither loss nor count, that before a loss, that before a count; null if there are none.
     */
    public static String first(List<MetricName> metrics, String wish) {
        List<Predicate<MetricName>> preferred = List.of(
                metric -> metric.name().equals(wish),
                metric -> metric.spread() && says(metric, "acc"),
                metric -> metric.spread() && !says(metric, "loss") && !counts(metric),
                metric -> metric.spread() && !counts(metric),
                metric -> says(metric, "acc"),
                metric -> !says(metric, "loss") && !counts(metric),
                metric -> !counts(metric),
                metric -> true);
        return preferred.stream()
                .flatMap(taste -> metrics.stream().filter(taste).limit(1))
                .map(MetricName::name)
                .findFirst()
                .orElse(null);
    }

    private static boolean says(MetricName metric, String part) {
        return metric.name().toLowerCase(Locale.ROOT).contains(part);
    }

    private static boolean counts(MetricName metric) {
        return Stream.of("num_", "count", "examples", "samples", "seconds", "time")
                .anyMatch(part -> says(metric, part));
    }

    /** What they are called. */
    public static List<String> names(List<MetricName> metrics) {
        return metrics.stream().map(MetricName::name).toList();
    }

    /** A value of the summary that a row has, null where it has none. */
    public static <T> Function<T, Object> value(
            Function<T, MetricSummary> summary, Function<MetricSummary, Object> value) {
        return row -> {
            MetricSummary known = summary.apply(row);
            return known == null ? null : value.apply(known);
        };
    }

    /** Names of the numbers in what several reported, in order of the alphabet. */
    public static Set<String> reported(Stream<Map<String, Object>> reports) {
        return reports.flatMap(report -> report.entrySet().stream())
                .filter(entry -> entry.getValue() instanceof Number)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
