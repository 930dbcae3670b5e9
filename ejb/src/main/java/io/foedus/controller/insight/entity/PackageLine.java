package io.foedus.controller.insight.entity;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A compute package as a line of a table.
 *
 * @param entryPoints command by entry point
 * @param sessions how many sessions use it
 */
public record PackageLine(
        UUID id,
        String name,
        String fileName,
        String digest,
        long size,
        Map<String, Object> entryPoints,
        boolean active,
        String createdBy,
        Instant createdAt,
        int sessions) {}
