package io.foedus.web.models;

import io.foedus.controller.insight.boundary.ModelInsight;
import io.foedus.controller.insight.entity.ModelFacts;
import io.foedus.controller.insight.entity.ModelLine;
import io.foedus.controller.insight.entity.ValidationLine;
import io.foedus.controller.listing.Query;
import io.foedus.web.charts.Chart;
import io.foedus.web.charts.Series;
import io.foedus.web.desk.Desk;
import io.foedus.web.sessions.Metrics;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One model, and, if the address names another one, the two side by side. */
@Named
@RequestScoped
public class ModelPage {
    private static final int OFFERED = 60;

    @Inject
    Desk desk;

    @Inject
    ModelInsight models;

    private UUID id;
    private UUID with;
    private String metric;
    private ModelFacts facts;
    private ModelFacts other;
    private List<ValidationLine> validations;
    private Map<UUID, ValidationLine> others = Map.of();

    /** Reads the address. */
    public void open() {
        desk.open(() -> {
            facts = models.facts(desk.actor(), id, "");
            desk.lay(facts.line().allianceId());
            metric = Metrics.first(models.metrics(desk.actor(), desk.allianceId()), metric);
            facts = models.facts(desk.actor(), id, metric == null ? "" : metric);
            validations = models.validations(desk.actor(), id);
            if (with != null) {
                other = models.facts(desk.actor(), with, metric == null ? "" : metric);
                others = models.validations(desk.actor(), with).stream()
                        .collect(Collectors.toMap(ValidationLine::clientId, Function.identity()));
            }
        });
    }

    public ModelFacts facts() {
        return facts;
    }

    /** The model it is compared with, or null. */
    public ModelFacts other() {
        return other;
    }

    public List<ValidationLine> validations() {
        return validations;
    }

    /** The same client's validation of the other model, or null. */
    public ValidationLine counterpart(ValidationLine validation) {
        return others.get(validation.clientId());
    }

    /** How much better or worse the other model is in a client's eyes, by metric. */
    public Map<String, Double> deltas(ValidationLine validation) {
        Map<String, Double> deltas = new TreeMap<>();
        ValidationLine counterpart = counterpart(validation);
        if (counterpart != null) {
            validation.metrics().forEach((name, value) -> {
                if (value instanceof Number mine && counterpart.metrics().get(name) instanceof Number theirs) {
                    deltas.put(name, mine.doubleValue() - theirs.doubleValue());
                }
            });
        }
        return deltas;
    }

    /** Models that it can be compared with: its relatives first, then the newest. */
    public List<ModelLine> candidates() {
        return models
                .trail(desk.actor(), desk.allianceId(), metric == null ? "" : metric, Query.first(OFFERED))
                .items()
                .stream()
                .filter(line -> !line.id().equals(id))
                .toList();
    }

    /** The metric client by client, for one model or two. */
    public String getByClient() {
        List<Series> series = new java.util.ArrayList<>();
        series.add(Series.of(facts.line().label(), "train", values(validations)));
        if (other != null) {
            series.add(Series.of(
                    other.line().label(),
                    "warn",
                    values(validations.stream().map(this::counterpart).toList())));
        }
        return Chart.steps(
                "Client",
                metric == null ? "" : metric,
                validations.stream().map(ValidationLine::client).toList(),
                series,
                false);
    }

    private List<Double> values(List<ValidationLine> lines) {
        return lines.stream()
                .map(line -> line != null && line.metrics().get(metric) instanceof Number number
                        ? (Double) number.doubleValue()
                        : null)
                .collect(Collectors.toCollection(java.util.ArrayList::new));
    }

    public UUID getId() {
        return id;
    }

    public void setId(UUID id) {
        this.id = id;
    }

    public UUID getWith() {
        return with;
    }

    public void setWith(UUID with) {
        this.with = with;
    }

    public String getMetric() {
        return metric;
    }

    public void setMetric(String metric) {
        this.metric = metric;
    }
}
