package io.foedus.web.alliances;

import io.foedus.controller.alliances.boundary.Policies;
import io.foedus.controller.alliances.entity.Policy;
import io.foedus.controller.identity.entity.Role;
import io.foedus.web.desk.Desk;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** The policy of the alliance on the desk, while somebody changes it. */
@Named
@RequestScoped
public class PolicyForm {
    @Inject
    Desk desk;

    @Inject
    Policies policies;

    private int leastClients;
    private Role download;

    @PostConstruct
    void read() {
        Policy policy = policies.of(desk.actor(), desk.allianceId());
        leastClients = policy.leastClients();
        download = policy.download();
    }

    public void save() {
        desk.perform(
                "Saved. The policies apply to sessions that are created from now on.",
                () -> policies.set(desk.actor(), desk.allianceId(), leastClients, download));
    }

    public int getLeastClients() {
        return leastClients;
    }

    public void setLeastClients(int leastClients) {
        this.leastClients = leastClients;
    }

    public Role getDownload() {
        return download;
    }

    public void setDownload(Role download) {
        this.download = download;
    }
}
