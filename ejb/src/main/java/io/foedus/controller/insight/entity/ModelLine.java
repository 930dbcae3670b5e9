package io.foedus.controller.insight.entity;

import java.time.Instant;
import java.util.UUID;

/**
 * A model as a line of the trail.
 *
 * @param round number of the round that made it, null for a seed model
 * @param best whether it is its session's best model
 * @param mean the chosen metric over the clients that validated it, null if none did
 * @param validations how many clients validated it
 */
public record ModelLine(
        UUID id,
        UUID allianceId,
        String name,
        UUID parentId,
        UUID sessionId,
        String session,
        UUID roundId,
        Integer round,
        String digest,
        long size,
        String format,
        boolean best,
        Double mean,
        Double std,
        int validations,
        Instant createdAt) {

    /** What people call it. */
    public String label() {
        return round == null ? (name == null || name.isBlank() ? "Seed model" : name) : session + ", round " + round;
    }
}
