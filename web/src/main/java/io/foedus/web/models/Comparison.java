package io.foedus.web.models;

import io.foedus.controller.validation.boundary.ValidationView;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What clients measured of a model and, if there is one, of another model beside it. Pure. */
public final class Comparison {
    private final List<ValidationView> mine;
    private final Map<UUID, ValidationView> theirs;

    /** @param theirs validations of the other model, empty if there is none */
    Comparison(List<ValidationView> mine, List<ValidationView> theirs) {
        this.mine = mine;
        this.theirs = theirs.stream().collect(Collectors.toMap(ValidationView::client, Function.identity()));
    }

    /** A metric, or a client, with both values; null where nobody measured. */
    public record Row(String name, UUID client, long examples, Double mine, Double theirs) {
        /** How much more the model has than the other one. */
        public Double delta() {
            return mine == null || theirs == null ? null : Double.valueOf(mine - theirs);
        }
    }

    /** Names of the metrics that are numbers. */
    public List<String> metrics() {
        return List.copyOf(mine.stream()
                .flatMap(line -> line.metrics().entrySet().stream())
                .filter(metric -> metric.getValue() instanceof Number)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Mean over the clients, metric by metric. */
    public List<Row> byMetric() {
        return metrics().stream()
                .map(name -> new Row(name, null, 0, mean(mine, name), mean(List.copyOf(theirs.values()), name)))
                .toList();
    }

    /** One metric, client by client. */
    public List<Row> byClient(String metric) {
        return mine.stream()
                .map(line -> new Row(
                        line.clientName(),
                        line.client(),
                        line.examples(),
                        value(line, metric),
                        value(theirs.get(line.client()), metric)))
                .toList();
    }

    private static Double mean(List<ValidationView> lines, String metric) {
        var numbers = lines.stream()
                .map(line -> value(line, metric))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .summaryStatistics();
        return numbers.getCount() == 0 ? null : Double.valueOf(numbers.getAverage());
    }

    private static Double value(ValidationView line, String metric) {
        return line != null && metric != null && line.metrics().get(metric) instanceof Number number
                ? Double.valueOf(number.doubleValue())
                : null;
    }
}
