package io.foedus.controller.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The controller's settings; property names in {@link ControllerSettingsProducer}.
 *
 * @param dataDirectory holds {@code blobs}, {@code keys} and {@code setup-code}; shared by the controllers of one
 *     installation
 * @param bootstrapPasswordFile when no account exists, {@code admin} is made with the password in this file
 * @param maxPackageBytes largest compute package archive
 * @param maxUnpackedBytes largest sum of a package's entries when unpacked
 * @param maxPackageEntries most entries in a package
 * @param maxModelBytes largest model, partial or update blob
 * @param maxJsonBytes largest JSON request body
 * @param userTokenLifetime life of a personal token that names none; also the longest allowed is four times that, at
 *     most a year
 * @param joinTokenLifetime life of a join token that names none
 * @param heartbeat how often a combiner shows itself; a held heartbeat is answered after this at the latest
 */
public record ControllerSettings(
        Path dataDirectory,
        Optional<Path> bootstrapPasswordFile,
        long maxPackageBytes,
        long maxUnpackedBytes,
        int maxPackageEntries,
        long maxModelBytes,
        long maxJsonBytes,
        Duration userTokenLifetime,
        Duration joinTokenLifetime,
        Duration heartbeat) {

    public ControllerSettings {
        positive("foedus.limits.package-bytes", maxPackageBytes);
        positive("foedus.limits.package-unpacked-bytes", maxUnpackedBytes);
        positive("foedus.limits.package-entries", maxPackageEntries);
        positive("foedus.limits.model-bytes", maxModelBytes);
        positive("foedus.limits.json-bytes", maxJsonBytes);
        positive("foedus.tokens.user-lifetime", userTokenLifetime.toSeconds());
        positive("foedus.tokens.join-lifetime", joinTokenLifetime.toSeconds());
        positive("foedus.combiners.heartbeat", heartbeat.toSeconds());
    }

    private static void positive(String property, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(property + " must be positive, not " + value);
        }
    }

    public Path blobDirectory() {
        return dataDirectory.resolve("blobs");
    }

    public Path keyDirectory() {
        return dataDirectory.resolve("keys");
    }

    public Path setupCodeFile() {
        return dataDirectory.resolve("setup-code");
    }
}
