package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Output;
import io.foedus.agent.console.ProgressBar;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.controller.FileTransfer;
import io.foedus.agent.transfer.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code foedus model download}. */
@Command(
        name = "download",
        description = {
            "Download a model; its SHA-256 is checked. A download that broke goes on where it was.",
            "With --lineage, download also its ancestors, their signed manifests and the updates that were kept, for"
                    + " `foedus model verify`."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus model download 0198c0de-… -a digits --output best.npz",
            "  foedus model download 0198c0de-… -a digits --lineage evidence/"
        })
public final class ModelDownloadCommand implements Callable<Integer> {
    @Mixin
    private Connection at = new Connection();

    @Mixin
    private Output out = new Output();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to (default: <name>.<format> here).")
    private @Nullable Path output;

    @Option(names = "--lineage", paramLabel = "DIR", description = "Download everything that proves it into DIR.")
    private @Nullable Path lineage;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    @Parameters(paramLabel = "MODEL", description = "Id of the model.")
    private String id = "";

    @Override
    public Integer call() {
        ControllerClient controller = at.open();
        JsonNode model = controller.get(at.in("/models/" + ControllerClient.encoded(id)));
        if (lineage != null) {
            new LineageDownload(at, controller, out, lineage).run(id);
        }
        if (lineage == null || output != null) {
            Path target = output != null ? output : Path.of(fileName(model));
            fetch(controller, model, target);
            out.say("saved " + target);
        }
        if (out.isJson()) {
            out.value(model);
        }
        return ExitCode.OK.number();
    }

    private void fetch(ControllerClient controller, JsonNode model, Path target) {
        requireFree(target);
        long size = model.path("size").asLong();
        try (ProgressBar bar = new ProgressBar(out, "downloading " + target.getFileName(), size)) {
            new FileTransfer(controller, bar, Retry.backoff(RandomGenerator.getDefault()))
                    .download(
                            at.in("/models/" + ControllerClient.encoded(id) + "/content"),
                            target,
                            model.path("digest").asText());
        }
    }

    private void requireFree(Path target) {
        if (Files.exists(target) && !force) {
            throw new Failure(
                    ExitCode.CONFLICT,
                    target + " is there already",
                    "Give another --output, or --force to replace it.");
        }
        Path parent = target.toAbsolutePath().getParent();
        try {
            if (parent != null) {
                Files.createDirectories(parent);
            }
        } catch (IOException e) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot make the folder " + parent + ": " + e, "Check it.", e);
        }
    }

    private static String fileName(JsonNode model) {
        String name = model.path("name").asText().replaceAll("[^A-Za-z0-9._-]+", "-");
        String suffix = "." + model.path("format").asText();
        return name.endsWith(suffix) ? name : name + suffix;
    }
}
