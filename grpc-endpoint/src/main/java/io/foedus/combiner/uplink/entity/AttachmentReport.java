package io.foedus.combiner.uplink.entity;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who came, went, or changed since the last report.
 *
 * @param full whoever is not listed as attached is detached
 */
public record AttachmentReport(
        long epoch,
        boolean full,
        List<Attached> attached,
        List<Detached> detached,
        List<UUID> busy,
        List<UUID> idle,
        Map<UUID, Map<String, Object>> telemetry) {
    /** A client with an open stream. */
    public record Attached(
            UUID clientId,
            Map<String, String> labels,
            String program,
            @Nullable String packageDigest) {}

    /** A client whose stream ended. */
    public record Detached(UUID clientId, String reason) {}
}
