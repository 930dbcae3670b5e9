package io.foedus.combiner.uplink.entity;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The fate of one update, for people to see; the share report is what counts. */
public record UpdateNotice(
        UUID clientId,
        @Nullable String digest,
        long size,
        long examples,
        Fate fate,
        @Nullable String reason,
        @Nullable String message,
        @Nullable String logTail,
        Map<String, Double> metrics,
        Map<String, Double> timings) {
    /** A client that will not deliver, as far as this combiner can tell. */
    public static UpdateNotice lost(UUID client, String why) {
        return new UpdateNotice(client, null, 0, 0, Fate.LOST, "LOST", why, null, Map.of(), Map.of());
    }
}
