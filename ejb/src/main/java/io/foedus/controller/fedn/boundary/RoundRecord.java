package io.foedus.controller.fedn.boundary;

import io.foedus.core.plan.Plan;
import io.foedus.core.round.RoundPhase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One attempt at a round of any session.
 *
 * @param plan the session's plan
 * @param model the global model that the round made, or null
 * @param shares its combiners' parts, by name
 */
public record RoundRecord(
        UUID id,
        UUID session,
        int number,
        int attempt,
        RoundPhase phase,
        String reason,
        Plan plan,
        UUID baseModel,
        UUID model,
        Times times,
        List<ShareRecord> shares) {

    /** When the phases began; those that did not are null. */
    public record Times(Instant created, Instant training, Instant reducing, Instant validating, Instant finished) {}

    /**
     * One combiner's part.
     *
     * @param timings as the combiner measured them, milliseconds by name
     */
    public record ShareRecord(
            String combiner, String phase, long expected, long accepted, double seconds, Map<String, Object> timings) {}
}
