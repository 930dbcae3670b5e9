package io.foedus.web.models;

import io.foedus.controller.insight.boundary.ModelInsight;
import io.foedus.controller.insight.entity.ModelLine;
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
    transient ModelInsight models;

    private String metric;
    private transient Table<ModelLine> table;
    private transient Map<UUID, Rail> rails;

    /** Reads the address. */
    public void open() {
        desk.open(() -> {
            String wish = FacesContext.getCurrentInstance()
                    .getExternalContext()
                    .getRequestParameterMap()
                    .get("metric");
            metric = Metrics.first(models.metrics(desk.actor(), desk.allianceId()), wish);
            table = Table.here(
                    query -> {
                        rails = null;
                        return models.trail(desk.actor(), desk.allianceId(), metric == null ? "" : metric, query);
                    },
                    ModelLine::id,
                    "session",
                    "name",
                    "digest",
                    "sessionId");
        });
    }

    /** Where the tree passes this model; null when the list has another order than the tree. */
    public Rail rail(ModelLine model) {
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

    public Table<ModelLine> getTable() {
        return table;
    }

    public void export() {
        new Csv<ModelLine>()
                .column("id", ModelLine::id)
                .column("name", ModelLine::label)
                .column("parent", ModelLine::parentId)
                .column("session", ModelLine::session)
                .column("round", ModelLine::round)
                .column("sha256", ModelLine::digest)
                .column("bytes", ModelLine::size)
                .column("format", ModelLine::format)
                .column(metric + " mean", ModelLine::mean)
                .column(metric + " std", ModelLine::std)
                .column("validations", ModelLine::validations)
                .column("created", ModelLine::createdAt)
                .send(table, "models.csv");
    }
}
