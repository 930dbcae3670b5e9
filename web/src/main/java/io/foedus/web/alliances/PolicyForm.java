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
    private long maxExamples;
    private Role download;

    @PostConstruct
    void read() {
        Policy policy = policies.of(desk.actor(), desk.allianceId());
        leastClients = policy.leastClients();
        maxExamples = policy.maxExamples();
        download = policy.download();
    }

    public void save() {
        desk.perform(
                "Saved. The policies apply to sessions that are created, and updates that arrive, from now on.",
                () -> policies.set(
                        desk.actor(), desk.allianceId(), Policies.policy(leastClients, maxExamples, download)));
    }

    public int getLeastClients() {
        return leastClients;
    }

    public void setLeastClients(int leastClients) {
        this.leastClients = leastClients;
    }

    public long getMaxExamples() {
        return maxExamples;
    }

    public void setMaxExamples(long maxExamples) {
        this.maxExamples = maxExamples;
    }

    public Role getDownload() {
        return download;
    }

    public void setDownload(Role download) {
        this.download = download;
    }
}
