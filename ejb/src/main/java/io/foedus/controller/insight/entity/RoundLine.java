package io.foedus.controller.insight.entity;

import java.time.Instant;
import java.util.UUID;

/**
 * A round as a line of its session's table.
 *
 * @param seconds how long it took or takes, at the time of the query
 * @param bytes size of the accepted updates
 * @param mean the chosen metric over the clients, null before validation; {@code std} likewise
 */
public record RoundLine(
        UUID id,
        int number,
        int attempt,
        String phase,
        String reason,
        int expected,
        int accepted,
        int rejected,
        int discarded,
        int lost,
        long examples,
        long bytes,
        Double mean,
        Double std,
        Instant startedAt,
        Instant finishedAt,
        double seconds,
        UUID modelId,
        String modelDigest) {}
