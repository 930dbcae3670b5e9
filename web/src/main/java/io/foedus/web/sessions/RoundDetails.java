package io.foedus.web.sessions;

import io.foedus.controller.insight.boundary.RoundInsight;
import io.foedus.controller.insight.entity.UpdateLine;
import io.foedus.controller.insight.entity.ValidationLine;
import io.foedus.web.desk.Desk;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What each client did in the expanded rounds, read once per request and round. */
@Named
@RequestScoped
public class RoundDetails {
    @Inject
    Desk desk;

    @Inject
    RoundInsight rounds;

    private final Map<UUID, List<UpdateLine>> updates = new HashMap<>();
    private final Map<UUID, List<ValidationLine>> validations = new HashMap<>();

    public List<UpdateLine> updates(UUID round) {
        return updates.computeIfAbsent(round, id -> rounds.updates(desk.actor(), id));
    }

    /** Names of the numbers that came with the round's updates. */
    public Set<String> updateMetrics(UUID round) {
        return Metrics.reported(updates(round).stream().map(UpdateLine::metrics));
    }

    /** Names of the numbers that the round's validations have. */
    public Set<String> validationMetrics(UUID round) {
        return Metrics.reported(validations(round).stream().map(ValidationLine::metrics));
    }

    public List<ValidationLine> validations(UUID round) {
        return validations.computeIfAbsent(round, id -> rounds.validations(desk.actor(), id));
    }
}
