package io.foedus.web.network;

import io.foedus.controller.clients.boundary.ClientCounts;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.combiners.boundary.CombinerView;
import io.foedus.controller.combiners.boundary.Combiners;
import io.foedus.controller.insight.boundary.ClientInsight;
import io.foedus.controller.insight.boundary.ClientInsight.Swarm;
import io.foedus.controller.listing.Query;
import io.foedus.web.desk.Desk;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Which clients hang on which combiner, read once per request. */
@Named
@RequestScoped
public class Topology {
    @Inject
    Desk desk;

    @Inject
    Clients clients;

    @Inject
    ClientInsight insight;

    @Inject
    Combiners combiners;

    private ClientCounts counts;
    private List<CombinerView> all;
    private List<Swarm> swarms;

    @PostConstruct
    void read() {
        counts = clients.counts(desk.actor(), desk.allianceId());
        all = combiners.list(desk.actor(), Query.first(Query.MOST)).items();
        swarms = insight.swarms(desk.actor(), desk.allianceId());
    }

    public ClientCounts counts() {
        return counts;
    }

    public List<CombinerView> combiners() {
        return all;
    }

    /** The alliance's clients on a combiner, or those that have none. */
    public Swarm swarm(UUID combiner) {
        return swarms.stream()
                .filter(swarm -> Objects.equals(swarm.combiner(), combiner))
                .findFirst()
                .orElse(new Swarm(combiner, 0, 0, List.of()));
    }
}
