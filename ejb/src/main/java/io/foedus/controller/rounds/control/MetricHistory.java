package io.foedus.controller.rounds.control;

import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.controller.validation.boundary.MetricSummary;
import io.foedus.controller.validation.boundary.Validations;
import io.foedus.core.plan.Plan;
import io.foedus.core.round.RoundPhase;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** How the models of a session did, by their validations. */
@Dependent
class MetricHistory {
    @Inject
    EntityManager entities;

    @Inject
    Validations validations;

    /** The metric's weighted mean after each validated round, oldest first; NaN where no client reported it. */
    List<Double> of(Session session, String metric) {
        List<Round> rounds = validated(session);
        Map<UUID, Map<String, MetricSummary>> summaries =
                validations.summaries(rounds.stream().map(Round::modelId).toList());
        return rounds.stream().map(round -> value(summaries, round, metric)).toList();
    }

    /** The model that did best by the plan's comparison; empty if the plan has none or nothing was measured. */
    Optional<UUID> best(Session session) {
        Optional<Plan.Best> rule = session.plan().comparison();
        if (rule.isEmpty()) {
            return Optional.empty();
        }
        List<Round> rounds = validated(session);
        Map<UUID, Map<String, MetricSummary>> summaries =
                validations.summaries(rounds.stream().map(Round::modelId).toList());
        var best = rule.get()
                .of(rounds.stream()
                        .map(round -> value(summaries, round, rule.get().metric()))
                        .toList());
        return best.isPresent() ? Optional.of(rounds.get(best.getAsInt()).modelId()) : Optional.empty();
    }

    private static double value(Map<UUID, Map<String, MetricSummary>> summaries, Round round, String metric) {
        MetricSummary summary =
                summaries.getOrDefault(round.modelId(), Map.of()).get(metric);
        return summary == null ? Double.NaN : summary.weightedMean();
    }

    private List<Round> validated(Session session) {
        return entities.createQuery(
                        "SELECT r FROM Round r WHERE r.sessionId = :session AND r.phase = :completed AND"
                                + " r.validatingAt IS NOT NULL ORDER BY r.number",
                        Round.class)
                .setParameter("session", session.id())
                .setParameter("completed", RoundPhase.COMPLETED)
                .getResultList();
    }
}
