package io.foedus.web.events;

import io.foedus.controller.audit.boundary.AuditLog.Verification;
import io.foedus.controller.events.boundary.EventView;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.identity.boundary.AuditTrail;
import io.foedus.controller.identity.boundary.AuditTrail.Entry;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.web.desk.Desk;
import io.foedus.web.tables.Csv;
import io.foedus.web.tables.Table;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;

/** Events of the alliance on the desk; the audit log of the installation. */
@Named
@ViewScoped
public class EventsPage implements Serializable {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Desk desk;

    @Inject
    transient Events events;

    @Inject
    transient AuditTrail audit;

    private String tab = "events";
    private transient Table<EventView> table;
    private transient Table<Entry> trail;
    private Verification verification;

    public void open() {
        desk.open(() -> {
            if (tab.equals("audit")) {
                AccessPolicy.require(desk.actor(), Action.ADMINISTER);
                trail = Table.here(
                        query -> audit.page(desk.actor(), query), Entry::seq, "actor", "action", "object", "outcome");
            } else {
                AccessPolicy.require(
                        desk.actor(), Action.READ, desk.allianceId(), "alliance", String.valueOf(desk.getAlliance()));
                table = Table.here(
                        query -> events.list(desk.allianceId(), query),
                        EventView::id,
                        "severity",
                        "kind",
                        "message",
                        "session",
                        "client");
            }
        });
    }

    public void verify() {
        desk.perform(null, () -> verification = audit.verify(desk.actor()));
    }

    /** What the last check said, null before one. */
    public Verification verification() {
        return verification;
    }

    public void export() {
        if (trail != null) {
            new Csv<Entry>()
                    .column("seq", Entry::seq)
                    .column("at", Entry::at)
                    .column("actor", Entry::actor)
                    .column("action", Entry::action)
                    .column("object", Entry::object)
                    .column("alliance", Entry::alliance)
                    .column("outcome", Entry::outcome)
                    .column("details", Entry::details)
                    .column("hash", Entry::hash)
                    .send(trail, "audit.csv");
        } else {
            new Csv<EventView>()
                    .column("id", EventView::id)
                    .column("at", EventView::at)
                    .column("severity", EventView::severity)
                    .column("kind", EventView::kind)
                    .column("message", EventView::message)
                    .column("session", EventView::session)
                    .column("round", EventView::round)
                    .column("client", EventView::client)
                    .column("combiner", EventView::combiner)
                    .send(table, "events.csv");
        }
    }

    public Table<EventView> getTable() {
        return table;
    }

    public Table<Entry> getTrail() {
        return trail;
    }

    public String getTab() {
        return tab;
    }

    public void setTab(String tab) {
        this.tab = "audit".equals(tab) ? "audit" : "events";
    }
}
