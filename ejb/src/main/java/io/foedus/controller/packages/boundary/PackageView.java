package io.foedus.controller.packages.boundary;

import io.foedus.controller.packages.entity.ComputePackage;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** A compute package as people and programs see it. */
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
        Instant createdAt) {
    static PackageView of(ComputePackage row) {
        return new PackageView(
                row.id(),
                row.name(),
                row.description(),
                row.fileName(),
                row.digest(),
                row.size(),
                row.entryPoints(),
                row.helper(),
                row.active(),
                row.createdAt());
    }
}
