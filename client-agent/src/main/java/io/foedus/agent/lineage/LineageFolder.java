package io.foedus.agent.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The evidence: a folder's manifests, and its other files by their SHA-256, whatever they are called.
 *
 * @param manifests in no particular order
 * @param files models, updates and partials by digest
 */
public record LineageFolder(List<SignedManifest> manifests, Map<Digest, Path> files) {
    /** How the files of manifests end. */
    public static final String MANIFEST_SUFFIX = ".manifest.json";

    public LineageFolder {
        manifests = List.copyOf(manifests);
        files = Map.copyOf(files);
    }

    /** Reads a folder; every file in it is read once for its digest. */
    public static LineageFolder read(Path folder) {
        List<SignedManifest> manifests = new ArrayList<>();
        Map<Digest, Path> files = new HashMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                if (file.toString().endsWith(".json")) {
                    manifest(file).ifPresent(manifests::add);
                } else if (!file.toString().endsWith(".part")) {
                    files.put(Digest.of(file), file);
                }
            }
        } catch (IOException e) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot read " + folder + ": " + e, "Check the folder.", e);
        }
        return new LineageFolder(manifests, files);
    }

    /** The file with that content, if it is here. */
    public Optional<Path> find(Digest digest) {
        return Optional.ofNullable(files.get(digest));
    }

    private static Optional<SignedManifest> manifest(Path file) throws IOException {
        try {
            JsonNode object = Json.read(Files.readString(file));
            if (SignedManifest.isOne(object)) {
                return Optional.of(SignedManifest.of(object, file.toString()));
            }
        } catch (JsonProcessingException e) {
            if (file.toString().endsWith(MANIFEST_SUFFIX)) {
                throw new Failure(
                        ExitCode.INVALID, file + " is not JSON: " + e.getOriginalMessage(), "Download it again.", e);
            }
        }
        return Optional.empty();
    }
}
