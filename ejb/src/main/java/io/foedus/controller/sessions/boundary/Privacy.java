package io.foedus.controller.sessions.boundary;

import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.PrivacyAccountant;
import io.foedus.core.aggregation.PrivateMean;
import io.foedus.core.plan.Plan;

/**
 * What a session's models tell of any one client, at most: (ε, δ)-differential privacy for zeroing out all that the
 * client contributed, whoever knows who took part; so nothing is counted as gained by sampling. It holds for those who
 * see models, not for combiners and controllers, which see updates. Sessions over the same data add up.
 *
 * @param epsilon ε after the rounds that made a model
 * @param epsilonPlanned ε when all planned rounds have
 * @param noise z, the noise multiplier
 * @param rounds how many rounds made a model
 */
public record Privacy(double epsilon, double epsilonPlanned, double delta, double noise, int rounds, String adjacency) {
    /** Below one over the number of clients, for up to a hundred thousand of them. */
    private static final double DELTA = 1e-5;

    /** Null for a plan that promises no such thing. */
    static Privacy of(Plan plan, int roundsCompleted, int roundsPlanned) {
        if (!(Aggregators.parse(plan.aggregator()) instanceof PrivateMean rule) || rule.noise() == 0) {
            return null;
        }
        PrivacyAccountant accountant = new PrivacyAccountant(1, rule.noise());
        return new Privacy(
                accountant.epsilon(roundsCompleted, DELTA),
                accountant.epsilon(roundsPlanned, DELTA),
                DELTA,
                rule.noise(),
                roundsCompleted,
                "ZERO_OUT");
    }
}
