package io.foedus.web.models;

import io.foedus.controller.insight.boundary.AllianceInsight;
import io.foedus.controller.models.boundary.ModelView;
import io.foedus.controller.models.boundary.Models;
import io.foedus.controller.validation.boundary.MetricSummary;
import io.foedus.web.desk.Desk;
import io.foedus.web.sessions.Metrics;
import io.foedus.web.tables.Csv;
import io.foedus.web.tables.Table;
import jakarta.faces.context.FacesContext;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.Map;
import java.util.UUID;

/** The model trail of the alliance on the desk. */
@Named
@ViewScoped
public class ModelsPage implements Serializable {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Desk desk;

    @Inject
    transient Models models;

    @Inject
    transient AllianceInsight alliances;

    private String metric;
    private transient Table<ModelView> table;
    private transient Map<UUID, Rail> rails;

    /** Reads the address. */
    public void open() {
        desk.open(() -> {
            String wish = FacesContext.getCurrentInstance()
                    .getExternalContext()
                    .getRequestParameterMap()
                    .get("metric");
            metric = Metrics.first(alliances.metrics(desk.actor(), desk.allianceId()), wish);
            table = Table.here(
                    query -> {
                        rails = null;
                        return models.list(desk.actor(), desk.allianceId(), metric == null ? "" : metric, query);
                    },
                    ModelView::id,
                    "session",
                    "name",
                    "digest",
                    "sessionId");
        });
    }

    /** Where the tree passes this model; null when the list has another order than the tree. */
    public Rail rail(ModelView model) {
        if (!table.isInItsOwnOrder()) {
            return null;
        }
        if (rails == null) {
            rails = Rail.draw(models.parents(desk.actor(), desk.allianceId()));
        }
        return rails.get(model.id());
    }

    public String getMetric() {
        return metric;
    }

    public Table<ModelView> getTable() {
        return table;
    }

    public void export() {
        new Csv<ModelView>()
                .column("id", ModelView::id)
                .column("name", ModelView::label)
                .column("parent", ModelView::parent)
                .column("session", ModelView::sessionName)
                .column("round", ModelView::roundNumber)
                .column("sha256", ModelView::digest)
                .column("bytes", ModelView::size)
                .column("format", ModelView::format)
                .column(metric + " mean", Metrics.value(model -> model.metric(metric), MetricSummary::mean))
                .column(metric + " std", Metrics.value(model -> model.metric(metric), MetricSummary::std))
                .column("validations", ModelView::validations)
                .column("created", ModelView::createdAt)
                .send(table, "models.csv");
    }
}
