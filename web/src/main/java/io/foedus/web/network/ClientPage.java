package io.foedus.web.network;

import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.insight.boundary.ClientInsight;
import io.foedus.controller.insight.entity.ClientRound;
import io.foedus.web.desk.Desk;
import io.foedus.web.tables.Table;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.UUID;

/** One client: which it is, its table of rounds, its revocation. What else is shown is {@link ClientFacts}. */
@Named
@ViewScoped
public class ClientPage implements Serializable {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Desk desk;

    @Inject
    transient Clients clients;

    @Inject
    transient ClientInsight insight;

    @Inject
    transient ClientFacts facts;

    private UUID id;
    private String metric;
    private transient Table<ClientRound> table;

    public void open() {
        desk.open(() -> {
            desk.lay(clients.get(desk.actor(), id).allianceId());
            table = Table.here(query -> insight.rounds(desk.actor(), id, query), ClientRound::roundId, "fate");
        });
    }

    public void revoke() {
        desk.perform(
                "The client was revoked: its credentials do not work any more.",
                () -> clients.revoke(desk.actor(), id));
        facts.read();
    }

    public Table<ClientRound> getTable() {
        return table;
    }

    /** The metric that the address wishes to see, or null. */
    public String getMetric() {
        return metric;
    }

    public void setMetric(String metric) {
        this.metric = metric;
    }

    public UUID getId() {
        return id;
    }

    public void setId(UUID id) {
        this.id = id;
    }
}
