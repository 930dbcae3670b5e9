package io.foedus.web.network;

import io.foedus.controller.clients.boundary.ClientView;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.combiners.boundary.CombinerView;
import io.foedus.controller.combiners.boundary.Combiners;
import io.foedus.controller.insight.boundary.LoadInsight;
import io.foedus.controller.listing.Query;
import io.foedus.web.desk.Desk;
import io.foedus.web.tables.Csv;
import io.foedus.web.tables.Table;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** Topology, combiners and clients of the alliance on the desk. */
@Named
@ViewScoped
public class NetworkPage implements Serializable {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Desk desk;

    @Inject
    transient Clients clients;

    @Inject
    transient Combiners combiners;

    @Inject
    transient LoadInsight load;

    @Inject
    transient Clock clock;

    private String tab = "topology";
    private transient Table<ClientView> table;

    public void open() {
        desk.open(() -> table = Table.here(
                query -> clients.list(desk.actor(), desk.allianceId(), query),
                ClientView::id,
                "name",
                "state",
                "combiner",
                "labels"));
    }

    public List<CombinerView> combiners() {
        return combiners.list(desk.actor(), Query.first(Query.MOST)).items();
    }

    public String getControllerCpu() {
        return Load.lines(load.controllers(desk.actor(), Load.BACK), "cpuFraction", 100, "CPU, %", clock.instant());
    }

    public String getControllerHeap() {
        return Load.lines(load.controllers(desk.actor(), Load.BACK), "heapBytes", 1e-6, "Heap, MB", clock.instant());
    }

    public String getCombinerHeap() {
        return Load.lines(load.combiners(desk.actor(), Load.BACK), "heapBytes", 1e-6, "Heap, MB", clock.instant());
    }

    public String getCombinerBusy() {
        return Load.lines(load.combiners(desk.actor(), Load.BACK), "busy", 1, "Clients working", clock.instant());
    }

    /** @param combiner as the row that was pressed names it */
    public void drain(String combiner, boolean draining) {
        desk.perform(
                draining
                        ? "Draining: the combiner gets no more clients and no more work."
                        : "The combiner takes clients and work again.",
                () -> combiners.drain(desk.actor(), UUID.fromString(combiner), draining));
    }

    public void export() {
        new Csv<ClientView>()
                .column("id", ClientView::id)
                .column("name", ClientView::name)
                .column("state", ClientView::state)
                .column("busy", ClientView::busy)
                .column("combiner", ClientView::combiner)
                .column("program", ClientView::program)
                .column("labels", ClientView::labels)
                .column("updates", ClientView::updates)
                .column("created", ClientView::createdAt)
                .column("last seen", ClientView::lastSeenAt)
                .column("reason", ClientView::reason)
                .send(table, "clients.csv");
    }

    public Table<ClientView> getTable() {
        return table;
    }

    public String getTab() {
        return tab;
    }

    public void setTab(String tab) {
        this.tab = tab == null ? "topology" : tab;
    }
}
