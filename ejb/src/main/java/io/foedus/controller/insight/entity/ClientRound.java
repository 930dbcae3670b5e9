package io.foedus.controller.insight.entity;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * What a client did in one round.
 *
 * @param fate of its update, or the state of its claim where there is none
 * @param metrics what it measured of the round's model, empty if it did not
 */
public record ClientRound(
        UUID roundId,
        UUID sessionId,
        String session,
        int round,
        String fate,
        String reason,
        Long examples,
        Long size,
        Double downloadSeconds,
        Double runSeconds,
        Double uploadSeconds,
        Map<String, Object> metrics,
        Instant at) {}
