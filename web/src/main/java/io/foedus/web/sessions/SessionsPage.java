package io.foedus.web.sessions;

import io.foedus.controller.insight.boundary.AllianceInsight;
import io.foedus.controller.insight.boundary.SessionInsight;
import io.foedus.controller.insight.entity.MetricName;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.web.charts.Chart;
import io.foedus.web.desk.Desk;
import io.foedus.web.desk.UuidConverter;
import io.foedus.web.tables.Csv;
import io.foedus.web.tables.Table;
import jakarta.faces.context.FacesContext;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The sessions of the alliance on the desk, and the ones that the address wants to see side by side. */
@Named
@ViewScoped
public class SessionsPage implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int COMPARED = 10;

    @Inject
    transient Desk desk;

    @Inject
    transient Sessions sessions;

    @Inject
    transient SessionInsight insight;

    @Inject
    transient AllianceInsight alliances;

    private List<UUID> compared = List.of();
    private List<String> metrics = List.of();
    private String metric;
    private boolean byTime;
    private boolean logarithmic;
    private transient Table<SessionView> table;
    private transient Map<UUID, List<Double>> sparks;

    /** Reads the address. */
    public void open() {
        var address = FacesContext.getCurrentInstance().getExternalContext();
        desk.open(() -> {
            List<MetricName> reported = alliances.metrics(desk.actor(), desk.allianceId());
            metrics = Metrics.names(reported);
            metric = Metrics.first(reported, address.getRequestParameterMap().get("metric"));
            byTime = "time".equals(address.getRequestParameterMap().get("x"));
            logarithmic = "log".equals(address.getRequestParameterMap().get("y"));
            compared = Arrays.stream(address.getRequestParameterValuesMap().getOrDefault("compare", new String[0]))
                    .map(id -> new UuidConverter().getAsObject(null, null, id))
                    .filter(Objects::nonNull)
                    .distinct()
                    .limit(COMPARED)
                    .toList();
            table = Table.here(
                    query -> {
                        sparks = null;
                        return sessions.list(desk.actor(), desk.allianceId(), query);
                    },
                    SessionView::id,
                    "name",
                    "state");
        });
    }

    /** The curves side by side; nothing that the reader may not see gets here. */
    public String getComparison() {
        List<Chart.Line> lines = new ArrayList<>();
        for (UUID id : compared) {
            SessionView head = sessions.get(desk.actor(), id);
            int before = insight.roundsBefore(desk.actor(), id);
            lines.add(new Chart.Line(
                    head.name(),
                    metric == null
                            ? List.of()
                            : insight.curve(desk.actor(), id, metric).stream()
                                    .map(point -> new Chart.At(
                                            byTime ? point.seconds() : before + point.round(), point.mean()))
                                    .toList()));
        }
        return Chart.lines(
                byTime ? "Seconds since the session's start" : "Rounds since the seed model",
                metric == null ? "" : metric,
                lines,
                logarithmic);
    }

    /** Points of a small picture of the metric by round, for an SVG of 100 by 24; empty if there is nothing to draw. */
    public String spark(SessionView head) {
        if (metric == null) {
            return "";
        }
        if (sparks == null) {
            sparks = insight.sparks(
                    desk.actor(), table.shown().stream().map(SessionView::id).toList(), metric);
        }
        return Spark.points(sparks.getOrDefault(head.id(), List.of()));
    }

    /** The metric's newest mean, null if there is none. */
    public Double last(SessionView head) {
        List<Double> means = sparks == null ? null : sparks.get(head.id());
        return means == null || means.isEmpty() ? null : means.get(means.size() - 1);
    }

    public boolean compares(SessionView head) {
        return compared.contains(head.id());
    }

    public boolean isComparing() {
        return !compared.isEmpty();
    }

    public List<UUID> getCompared() {
        return compared;
    }

    public List<String> getMetrics() {
        return metrics;
    }

    public String getMetric() {
        return metric;
    }

    public boolean isByTime() {
        return byTime;
    }

    public boolean isLogarithmic() {
        return logarithmic;
    }

    public Table<SessionView> getTable() {
        return table;
    }

    public void export() {
        new Csv<SessionView>()
                .column("id", SessionView::id)
                .column("name", SessionView::name)
                .column("state", SessionView::state)
                .column("rounds planned", SessionView::roundsPlanned)
                .column("rounds completed", SessionView::roundsCompleted)
                .column("package", SessionView::packageName)
                .column("seed model", SessionView::seedModel)
                .column("model", SessionView::model)
                .column("created by", SessionView::createdBy)
                .column("started", SessionView::startedAt)
                .column("finished", SessionView::finishedAt)
                .column("reason", SessionView::why)
                .send(table, "sessions.csv");
    }
}
