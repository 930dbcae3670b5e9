package io.foedus.controller.clients.boundary;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What changed at a combiner since it last said so.
 *
 * @param telemetry samples by client id
 * @param full whether {@code attached} is everybody, so that whoever is not listed is detached
 */
public record Attachments(
        long epoch,
        boolean full,
        List<Attached> attached,
        List<Detached> detached,
        List<UUID> busy,
        List<UUID> idle,
        Map<String, Map<String, Object>> telemetry) {
    public Attachments {
        attached = attached == null ? List.of() : List.copyOf(attached);
        detached = detached == null ? List.of() : List.copyOf(detached);
        busy = busy == null ? List.of() : List.copyOf(busy);
        idle = idle == null ? List.of() : List.copyOf(idle);
        telemetry = telemetry == null ? Map.of() : Map.copyOf(telemetry);
    }

    /** A client whose stream is open; what it did not say is null. */
    public record Attached(UUID clientId, Map<String, Object> labels, String program, String packageDigest) {}

    /** A client whose stream has ended, and why. */
    public record Detached(UUID clientId, String reason) {}
}
