package io.foedus.web.sessions;

import io.foedus.controller.rounds.boundary.RoundView;
import io.foedus.controller.rounds.boundary.Rounds;
import io.foedus.controller.validation.boundary.ValidationView;
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
    Rounds rounds;

    private final Map<UUID, RoundView> whole = new HashMap<>();

    /** What became of each client's training, by name. */
    public List<Part> updates(UUID round) {
        return Part.of(whole(round));
    }

    /** Names of the numbers that came with the round's updates. */
    public Set<String> updateMetrics(UUID round) {
        return Metrics.reported(updates(round).stream().map(Part::metrics));
    }

    /** Names of the numbers that the round's validations have. */
    public Set<String> validationMetrics(UUID round) {
        return Metrics.reported(validations(round).stream().map(ValidationView::metrics));
    }

    public List<ValidationView> validations(UUID round) {
        return whole(round).validations();
    }

    private RoundView whole(UUID round) {
        return whole.computeIfAbsent(round, id -> rounds.get(desk.actor(), id));
    }
}
