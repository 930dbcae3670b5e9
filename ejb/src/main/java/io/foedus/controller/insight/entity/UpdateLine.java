package io.foedus.controller.insight.entity;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * What became of a client's part in a round, be it an update, a failure or work in progress.
 *
 * @param fate ACCEPTED, REJECTED, LATE, DUPLICATE; without an update the claim's state: CLAIMED, FAILED, LOST
 * @param digest null without an update, as is {@code examples}
 * @param share its part of the weight of all that count in the round, from 0 to 1; null of one that does not count
 * @param runSeconds null where not reported, as are the other times
 */
public record UpdateLine(
        UUID clientId,
        String client,
        String combiner,
        String fate,
        String reason,
        String digest,
        Long size,
        Long examples,
        Double share,
        Map<String, Object> metrics,
        Double downloadSeconds,
        Double runSeconds,
        Double uploadSeconds,
        Instant at) {}
