package io.foedus.agent.models;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.core.compression.Compression;
import io.foedus.core.models.DType;
import io.foedus.core.models.Difference;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.PartialModel;
import io.foedus.core.models.TensorSpec;
import io.foedus.core.models.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rewrites a model in another format, dtype or compression. */
@Command(
        name = "convert",
        description = "Write a model in another format or dtype, compressed, restored, or completed by a global model.",
        footer = {
            "",
            "Examples:",
            "  foedus model convert weights.safetensors -o seed.npz",
            "  foedus model convert update.npz --compress int8 -o small.npz",
            "  foedus model convert small.npz --like seed.npz -o update.npz"
        })
public final class ConvertCommand implements Runnable {
    @Mixin
    private Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "The model file.")
    private Path file = Path.of("");

    @Option(
            names = "--format",
            description = "How to read FILE: npz, safetensors, raw, raw32; recognised if not given.")
    private @Nullable String format;

    @Option(
            names = {"-o", "--output"},
            required = true,
            description = "The file to make or replace.")
    private Path target = Path.of("");

    @Option(names = "--to", description = "Format of the output; else its suffix decides, else it stays.")
    private @Nullable String to;

    @Option(names = "--dtype", description = "f64, f32, f16 or bf16 for all floating tensors.")
    private @Nullable DType dtype;

    @Option(names = "--compress", description = "f16, bf16 or int8; the loss is reported.")
    private @Nullable String compress;

    @Option(
            names = "--like",
            description = "Restore a compressed model, or complete a partial one, to the layout of this global model.")
    private @Nullable Path like;

    @Override
    public void run() {
        if ((dtype != null ? 1 : 0) + (compress != null ? 1 : 0) + (like != null ? 1 : 0) > 1) {
            throw new Failure(ExitCode.USAGE, "--dtype, --compress and --like exclude each other", "Give one of them.");
        }
        Path part = target.resolveSibling("." + target.getFileName() + ".part");
        try (ModelFile model = ModelInput.open(file, format)) {
            ModelFormat outputFormat = to != null
                    ? ModelInput.format(to)
                    : ModelInput.bySuffix(target).orElse(model.format());
            Digest digest = write(model, outputFormat, part);
            ObjectNode answer = Json.object()
                    .put("output", target.toString())
                    .put("format", outputFormat.id())
                    .put("sha256", digest.hex())
                    .put("bytes", Files.size(part));
            if (compress != null) {
                reportLoss(model, outputFormat, part, answer);
            }
            Files.move(part, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            output.value(answer);
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.INVALID, file + " cannot be converted: " + e.getMessage(), "", e);
        } catch (IOException e) {
            throw ModelInput.failed(target, e);
        }
    }

    private Digest write(ModelFile model, ModelFormat outputFormat, Path part) throws IOException {
        if (compress != null) {
            return Compression.parse(compress).compress(model, outputFormat, part);
        }
        if (like != null) {
            try (ModelFile global = ModelInput.open(like, null)) {
                boolean partial =
                        PartialModel.misfit(global.layout(), model.layout()).isEmpty();
                return partial
                        ? PartialModel.complete(model, global, part)
                        : Compression.restore(model, global.layout(), outputFormat, part);
            }
        }
        Map<String, String> metadata = outputFormat.keepsMetadata() ? model.metadata() : Map.of();
        try (ModelWriter writer = ModelWriter.create(part, outputFormat, layout(model), metadata)) {
            new Transcript(writer).copyAll(model);
            return writer.finish();
        }
    }

    private ModelLayout layout(ModelFile model) {
        DType wanted = dtype;
        if (wanted == null) {
            return model.layout();
        }
        if (!wanted.floating()) {
            throw new IllegalArgumentException("--dtype must be a floating type, not " + wanted.label());
        }
        List<TensorSpec> specs = model.layout().tensors().stream()
                .map(spec -> spec.dtype().floating() ? new TensorSpec(spec.name(), wanted, spec.shape()) : spec)
                .toList();
        return new ModelLayout(specs);
    }

    private static void reportLoss(ModelFile model, ModelFormat outputFormat, Path part, ObjectNode answer)
            throws IOException {
        Path back = part.resolveSibling(part.getFileName() + ".back");
        try (ModelFile small = ModelFile.open(part, outputFormat)) {
            Compression.restore(small, model.layout(), model.format(), back);
            try (ModelFile restored = ModelFile.open(back, model.format())) {
                Difference loss = Difference.between(model, restored);
                answer.put("largestError", loss.largest()).put("relativeError", loss.relative());
            }
        } finally {
            Files.deleteIfExists(back);
        }
        answer.put("ratio", (double) model.bytes() / Files.size(part));
    }
}
