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
        Map<String, Double> timings) {}
