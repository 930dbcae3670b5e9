package io.foedus.web.models;

import io.foedus.controller.insight.boundary.AllianceInsight;
import io.foedus.controller.listing.Query;
import io.foedus.controller.models.boundary.ModelFacts;
import io.foedus.controller.models.boundary.ModelView;
import io.foedus.controller.models.boundary.Models;
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
import java.util.stream.Collectors;

/** One model, and, if the address names another one, the two side by side. */
@Named
@RequestScoped
public class ModelPage {
    private static final int OFFERED = 60;

    @Inject
    Desk desk;

    @Inject
    Models models;

    @Inject
    AllianceInsight alliances;

    private UUID id;
    private UUID with;
    private String metric;
    private ModelFacts facts;
    private ModelFacts other;
    private Comparison comparison;

    /** Reads the address. */
    public void open() {
        desk.open(() -> {
            desk.lay(models.get(desk.actor(), id).allianceId());
            metric = Metrics.first(alliances.metrics(desk.actor(), desk.allianceId()), metric);
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
    public List<ModelView> candidates() {
        return models.list(desk.actor(), desk.allianceId(), shown(), Query.first(OFFERED)).items().stream()
                .filter(line -> !line.id().equals(id))
                .toList();
    }

    /** The metric client by client, for one model or two. */
    public String getByClient() {
        List<Comparison.Row> rows = comparison.byClient(metric);
        List<Series> series = new ArrayList<>();
        series.add(Series.of(
                facts.model().label(),
                "train",
                rows.stream().map(Comparison.Row::mine).collect(Collectors.toList())));
        if (other != null) {
            series.add(Series.of(
                    other.model().label(),
                    "warn",
                    rows.stream().map(Comparison.Row::theirs).collect(Collectors.toList())));
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
