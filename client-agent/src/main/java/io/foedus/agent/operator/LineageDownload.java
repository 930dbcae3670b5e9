package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.agent.console.ProgressBar;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.controller.ControllerException;
import io.foedus.agent.controller.FileTransfer;
import io.foedus.agent.lineage.LineageFolder;
import io.foedus.agent.lineage.SignedManifest;
import io.foedus.agent.transfer.Retry;
import io.foedus.core.lineage.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Brings what proves a model into a folder; what is there already is not fetched again. */
final class LineageDownload {
    private final Connection at;
    private final ControllerClient controller;
    private final Output out;
    private final Path folder;

    LineageDownload(Connection at, ControllerClient controller, Output out, Path folder) {
        this.at = at;
        this.controller = controller;
        this.out = out;
        this.folder = folder;
    }

    /** Manifests, models, and the updates that the controller kept and gives to this caller. */
    void run(String model) {
        int updates = 0;
        int models = 0;
        for (JsonNode link : ModelTrailCommand.of(at, controller, model)) {
            Optional<SignedManifest> signed = manifest(link);
            fetch(
                    path(link) + "/content",
                    link.path("digest").asText(),
                    link.path("format").asText(),
                    link.path("size").asLong());
            models++;
            if (signed.isPresent()) {
                updates += updates(link, signed.get());
            }
        }
        out.say(models + " models, their manifests and " + updates + " updates are in " + folder);
    }

    /** Only the manifests. */
    void runManifests(String model) {
        ModelTrailCommand.of(at, controller, model).forEach(this::manifest);
    }

    private Optional<SignedManifest> manifest(JsonNode link) {
        if (link.path("round").isMissingNode() || link.path("round").isNull()) {
            return Optional.empty(); // a seed has none
        }
        JsonNode answer = controller.get(path(link) + "/manifest");
        SignedManifest signed = SignedManifest.of(
                answer, "the controller's manifest of " + link.path("id").asText());
        write(
                signed.manifest().session() + "-" + signed.manifest().round() + LineageFolder.MANIFEST_SUFFIX,
                Json.line(signed.toJson()));
        return Optional.of(signed);
    }

    private int updates(JsonNode link, SignedManifest signed) {
        int fetched = 0;
        for (Input input : signed.manifest().inputs()) {
            try {
                fetch(
                        path(link) + "/inputs/" + input.digest().hex(),
                        input.digest().hex(),
                        link.path("format").asText(),
                        0);
                fetched++;
            } catch (ControllerException e) {
                if (e.exitCode() != ExitCode.NOT_FOUND && e.exitCode() != ExitCode.AUTHENTICATION) {
                    throw e;
                }
                return fetched; // they were not kept, or are not for this caller
            }
        }
        return fetched;
    }

    private void fetch(String path, String digest, String format, long size) {
        Path target = folder.resolve(digest + "." + format);
        if (Files.exists(target)) {
            return;
        }
        try (ProgressBar bar = new ProgressBar(out, "downloading " + digest.substring(0, 12), size)) {
            make(folder);
            new FileTransfer(controller, bar, Retry.backoff(RandomGenerator.getDefault()))
                    .download(path, target, digest);
        } finally {
            deletePart(target);
        }
    }

    private static void deletePart(Path target) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            if (Files.exists(part) && Files.size(part) == 0) {
                Files.delete(part);
            }
        } catch (IOException e) {
            // an empty file more; it does no harm
        }
    }

    private void write(String name, String content) {
        try {
            make(folder);
            Files.writeString(folder.resolve(name), content + "\n");
        } catch (IOException e) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot write into " + folder + ": " + e, "Check the folder.", e);
        }
    }

    private static void make(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot make " + folder + ": " + e, "Check the path.", e);
        }
    }

    private String path(JsonNode link) {
        return at.in("/models/" + link.path("id").asText());
    }
}
