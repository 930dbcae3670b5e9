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
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code foedus model upload}: a seed model, in pieces if the line breaks. */
@Command(
        name = "upload",
        description = "Upload a seed model. An upload that broke goes on where it was, also when run again.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus model upload seed.npz -a digits",
            "  foedus model upload weights.bin --format raw --name start -a digits"
        })
public final class ModelUploadCommand implements Callable<Integer> {
    @Mixin
    private Connection at = new Connection();

    @Mixin
    private Output out = new Output();

    @Option(names = "--name", description = "What to call it (default: the file's name).")
    private @Nullable String name;

    @Option(names = "--format", description = "npz, safetensors or raw; recognised if not given.")
    private @Nullable String format;

    @Parameters(paramLabel = "FILE", description = "The model file.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        ControllerClient controller = at.open();
        long size = size(file);
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("name", name == null ? file.getFileName() : name);
        query.put("format", format);
        String path = at.in("/models/uploads/" + digest(file)) + ControllerClient.query(query);
        JsonNode model;
        try (ProgressBar bar = new ProgressBar(out, "uploading " + file.getFileName(), size)) {
            model = new FileTransfer(controller, bar, Retry.backoff(RandomGenerator.getDefault()))
                    .upload(path, file, size);
        }
        out.value(model, "id", "name", "format", "size", "digest");
        return ExitCode.OK.number();
    }

    /** Size of a file that is to be sent; what cannot be sent is told before anything is. */
    static long size(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new Failure(ExitCode.NOT_FOUND, "there is no file " + file, "Check the path.");
            }
            if (Files.size(file) == 0) {
                throw new Failure(ExitCode.INVALID, file + " is empty", "Give a file with content.");
            }
            return Files.size(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static String digest(Path file) {
        try {
            return Digest.of(file).hex();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static Failure unreadable(Path file, IOException e) {
        return new Failure(
                ExitCode.CONFIGURATION, "cannot read " + file + ": " + e.getMessage(), "Check its permissions.", e);
    }
}
