package io.foedus.controller.packages.control;

import io.foedus.controller.config.ControllerConfig.Limits;
import io.foedus.controller.refusals.Refusal;
import io.foedus.packages.Descriptor;
import io.foedus.packages.RefusedPackage;
import io.foedus.packages.UnpackLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** An archive that was looked through as agents will unpack it, and may be kept. */
public record Archive(Path file, long size, Map<String, Object> entryPoints) {
    private static final int LONGEST_ENTRY_SHOWN = 1_000;

    /** @throws Refusal naming what makes it unacceptable */
    public static Archive check(Path file, Limits limits) throws IOException {
        long size = Files.size(file);
        if (size > limits.packageBytes()) {
            throw Refusal.tooLarge(
                    "PACKAGE_TOO_LARGE",
                    "The archive has " + size + " bytes, at most " + limits.packageBytes() + " are accepted.",
                    "Leave data out of the package.");
        }
        try {
            var unpacked = new UnpackLimits(limits.packageEntries(), limits.unpackedBytes());
            Descriptor descriptor = Descriptor.ofArchive(file, unpacked);
            return new Archive(file, size, new LinkedHashMap<>(descriptor.commands()));
        } catch (RefusedPackage e) {
            throw refusal(e);
        }
    }

    private static Refusal refusal(RefusedPackage e) {
        String message = e.getMessage();
        String detail = Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".";
        Refusal refusal = switch (e.why()) {
            case NOT_AN_ARCHIVE ->
                Refusal.unacceptable(
                        "NOT_A_PACKAGE",
                        detail,
                        "Pack the folder that holds fedn.yaml, e.g. with 'foedus package create' or 'tar czf"
                                + " package.tgz client'.");
            case UNSAFE_ENTRY ->
                Refusal.unacceptable(
                        "PACKAGE_ENTRY_UNSAFE",
                        detail,
                        "Pack only plain files and folders under relative names, then upload again.");
            case TOO_LARGE ->
                Refusal.unacceptable(
                        "PACKAGE_UNPACKS_TOO_LARGE", detail, "Leave data and environments out of the package.");
            case NO_DESCRIPTOR ->
                Refusal.unacceptable(
                        "PACKAGE_WITHOUT_DESCRIPTOR",
                        detail,
                        "Add fedn.yaml with entry_points, e.g. train: {command: python3 train.py}.");
            case BAD_DESCRIPTOR ->
                Refusal.unacceptable(
                        "PACKAGE_DESCRIPTOR_INVALID",
                        detail,
                        "Write for example\nentry_points:\n  train:\n    command: python3 train.py\n  validate:\n"
                                + "    command: python3 validate.py");
        };
        return e.entry()
                .map(entry -> refusal.with("entry", entry.substring(0, Math.min(entry.length(), LONGEST_ENTRY_SHOWN))))
                .orElse(refusal);
    }
}
