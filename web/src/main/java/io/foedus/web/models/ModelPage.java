package io.foedus.web.models;

import io.foedus.controller.insight.boundary.ModelInsight;
import io.foedus.controller.insight.entity.ModelFacts;
import io.foedus.controller.insight.entity.ModelLine;
import io.foedus.controller.listing.Query;
import io.foedus.web.charts.Chart;
import io.foedus.web.charts.Series;
import io.foedus.web.desk.Desk;
import io.foedus.web.sessions.Metrics;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

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
    private Comparison comparison;

    /** Reads the address. */
    public void open() {
        desk.open(() -> {
            desk.lay(models.facts(desk.actor(), id, "").line().allianceId());
            metric = Metrics.first(models.metrics(desk.actor(), desk.allianceId()), metric);
            facts = models.facts(desk.actor(), id, shown());
            other = with == null ? null : models.facts(desk.actor(), with, shown());
            comparison = new Comparison(
                    models.validations(desk.actor(), id),
                    with == null ? List.of() : models.validations(desk.actor(), with));
        });
    }

    private String shown() {
        return metric == null ? "" : metric;
    }

    public ModelFacts facts() {
        return facts;
    }

    /** The model it is compared with, or null. */
    public ModelFacts other() {
        return other;
    }

    public Comparison comparison() {
        return comparison;
    }

    /** Models that it can be compared with, the newest first. */
    public List<ModelLine> candidates() {
        return models.trail(desk.actor(), desk.allianceId(), shown(), Query.first(OFFERED)).items().stream()
                .filter(line -> !line.id().equals(id))
                .toList();
    }

    /** The metric client by client, for one model or two. */
    public String getByClient() {
        List<Comparison.Row> rows = comparison.byClient(metric);
        List<Series> series = new ArrayList<>();
        series.add(Series.of(
                facts.line().label(),
                "train",
                rows.stream().map(Comparison.Row::mine).collect(java.util.stream.Collectors.toList())));
        if (other != null) {
            series.add(Series.of(
                    other.line().label(),
                    "warn",
                    rows.stream().map(Comparison.Row::theirs).collect(java.util.stream.Collectors.toList())));
        }
        return Chart.steps(
                "Client", shown(), rows.stream().map(Comparison.Row::name).toList(), series, false);
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
