package io.foedus.controller.models.boundary;

import io.foedus.controller.validation.boundary.MetricSummary;
import io.foedus.core.blobs.Soundness;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A model as people and programs see it.
 *
 * @param parent null of a seed model, like session, its name, round and its number
 * @param best whether it is its session's best model
 * @param validations how many clients validated it
 * @param metrics what clients measured, by metric; left out of trails
 * @param soundness what was found when the store's bytes were last read again
 */
public record ModelView(
        UUID id,
        UUID allianceId,
        String name,
        UUID parent,
        UUID session,
        String sessionName,
        UUID round,
        Integer roundNumber,
        String digest,
        long size,
        String format,
        boolean best,
        int validations,
        Map<String, MetricSummary> metrics,
        Instant createdAt,
        Soundness soundness) {

    /** What people call it. */
    public String label() {
        return roundNumber == null
                ? (name == null || name.isBlank() ? "Seed model" : name)
                : sessionName + ", round " + roundNumber;
    }

    /** Whether the store is not known to have other bytes, or none. */
    public boolean sound() {
        return soundness == Soundness.SOUND;
    }

    /** What clients measured of a metric, or null. */
    public MetricSummary metric(String named) {
        return named == null ? null : metrics.get(named);
    }

    ModelView with(Map<String, MetricSummary> measured) {
        return new ModelView(
                id,
                allianceId,
                name,
                parent,
                session,
                sessionName,
                round,
                roundNumber,
                digest,
                size,
                format,
                best,
                validations,
                measured,
                createdAt,
                soundness);
    }
}
