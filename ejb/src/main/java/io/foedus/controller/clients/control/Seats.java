package io.foedus.controller.clients.control;

import io.foedus.controller.combiners.entity.Combiner;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.persistence.Sql;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** The combiners that take clients now, with how full they are. */
@Dependent
public class Seats {
    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    /** Combiners that were heard within their lease and do not drain. */
    public List<Seat> live() {
        return entities.createQuery(
                        "SELECT c FROM Combiner c WHERE c.lastSeenAt > :horizon AND c.draining = false", Combiner.class)
                .setParameter(
                        "horizon", clock.instant().minus(config.combiners().lease()))
                .getResultStream()
                .map(combiner -> new Seat(
                        combiner.id(),
                        combiner.name(),
                        combiner.address(),
                        combiner.labels(),
                        combiner.capacity(),
                        combiner.attached()))
                .toList();
    }

    /**
     * Counts a client that is on its way, so that a crowd does not run to the same combiner; its next heartbeat says
     * how many have arrived.
     */
    public void take(UUID combiner) {
        Sql.of(entities, "UPDATE combiner SET attached = attached + 1 WHERE id = :combiner")
                .with("combiner", combiner)
                .run();
    }
}
