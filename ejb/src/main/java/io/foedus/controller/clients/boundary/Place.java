package io.foedus.controller.clients.boundary;

import jakarta.json.bind.annotation.JsonbProperty;
import java.time.Instant;
import java.util.UUID;

/**
 * Where a client goes, and what it shows there.
 *
 * @param agentToken shown once, when the client joins; null afterwards
 * @param computePackage what it is going to run, or null if the alliance has no active one yet
 */
public record Place(
        UUID clientId,
        String agentToken,
        String alliance,
        String ticket,
        Instant ticketExpiresAt,
        At combiner,
        @JsonbProperty("package") PackageRef computePackage) {

    /** The combiner to dial. */
    public record At(UUID id, String name, String host, int port, boolean tls) {}

    /** The alliance's active compute package. */
    public record PackageRef(UUID id, String digest, long size, String fileName) {}

    @Override
    public String toString() {
        return "Place[" + clientId + " at " + combiner + "]";
    }
}
