package io.foedus.controller.packages.boundary;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A compute package as people and programs see it.
 *
 * @param entryPoints command by entry point
 * @param createdBy name of the account, or null
 * @param sessions how many sessions work with it
 */
public record PackageView(
        UUID id,
        String name,
        String description,
        String fileName,
        String digest,
        long size,
        Map<String, Object> entryPoints,
        String helper,
        boolean active,
        String createdBy,
        int sessions,
        Instant createdAt) {}
