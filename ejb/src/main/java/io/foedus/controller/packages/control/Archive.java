package io.foedus.controller.packages.control;

import io.foedus.controller.config.ControllerConfig.Limits;
import io.foedus.controller.refusals.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** An archive that was looked through and may be kept. */
public record Archive(Path file, long size, Map<String, Object> entryPoints) {
    /** @throws Refusal naming what makes it unacceptable */
    public static Archive check(Path file, Limits limits) throws IOException {
        long size = Files.size(file);
        if (size > limits.packageBytes()) {
            throw Refusal.tooLarge(
                    "PACKAGE_TOO_LARGE",
                    "The archive has " + size + " bytes, at most " + limits.packageBytes() + " are accepted.",
                    "Leave data out of the package.");
        }
        return new Archive(file, size, Descriptor.entryPoints(ArchiveCheck.descriptorIn(file, limits)));
    }
}
