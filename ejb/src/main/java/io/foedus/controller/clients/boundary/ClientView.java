package io.foedus.controller.clients.boundary;

import io.foedus.controller.clients.entity.ClientState;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A client as people and programs see it.
 *
 * @param combiner name of the combiner it is attached or sent to, or null
 * @param preferredCombiner name of the one that it asked for, or null
 * @param ownProgram whether it is a FEDn client that runs its own program instead of the alliance's package
 * @param address from where a FEDn client joined last, or null
 * @param updates how many of its updates are part of global models
 */
public record ClientView(
        UUID id,
        UUID allianceId,
        String name,
        String externalId,
        ClientState state,
        boolean busy,
        String reason,
        String program,
        Map<String, Object> labels,
        UUID combinerId,
        String combiner,
        String preferredCombiner,
        String packageDigest,
        boolean ownProgram,
        String address,
        Map<String, Object> telemetry,
        long updates,
        Instant createdAt,
        Instant lastSeenAt) {}
