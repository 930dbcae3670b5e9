package io.foedus.agent.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.core.models.Difference;
import io.foedus.core.models.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two model files: layout in words, values in numbers. */
@Command(
        name = "diff",
        description = "Compare two models. Exit code 0 if their values are equal, 1 if they differ.",
        footer = {"", "Example:  foedus model diff --tolerance 1e-6 flat.npz tree.npz"})
public final class DiffCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Parameters(index = "0", paramLabel = "FIRST", description = "A model file.")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "SECOND", description = "Another one.")
    private Path second = Path.of("");

    @Option(names = "--format", description = "npz, safetensors, raw (float64) or raw32; recognised if not given.")
    private @Nullable String format;

    @Option(
            names = "--tolerance",
            defaultValue = "0",
            description = "Largest absolute difference that counts as equal (default: ${DEFAULT-VALUE}).")
    private double tolerance;

    @Override
    public Integer call() {
        try (ModelFile a = ModelInput.open(first, format);
                ModelFile b = ModelInput.open(second, format)) {
            Optional<String> layout = a.layout().firstDifference(b.layout());
            ObjectNode answer = Json.object();
            layout.ifPresent(sentence -> answer.put("layout", sentence));
            Optional<Difference> difference = compare(a, b);
            boolean equal = difference.isPresent() && difference.get().largest() <= tolerance;
            answer.put("equal", equal);
            difference.ifPresent(d -> answer.put("differing", d.differing())
                    .put("largest", d.largest())
                    .put("norm", d.norm())
                    .put("relative", d.relative()));
            print(answer, difference);
            return (equal ? ExitCode.OK : ExitCode.FAILURE).number();
        } catch (IOException e) {
            throw ModelInput.failed(second, e);
        }
    }

    private static Optional<Difference> compare(ModelFile a, ModelFile b) throws IOException {
        try {
            return Optional.of(Difference.between(a, b));
        } catch (IllegalArgumentException e) {
            // other names or shapes: the layout's sentence says all
            return Optional.empty();
        }
    }

    private void print(ObjectNode answer, Optional<Difference> difference) {
        List<JsonNode> rows = new ArrayList<>();
        difference.ifPresent(found -> found.tensors().stream()
                .filter(tensor -> tensor.differing() > 0)
                .forEach(tensor -> rows.add(Json.object()
                        .put("name", tensor.spec().name())
                        .put("differing", tensor.differing())
                        .put("largest", tensor.largest())
                        .put("norm", Math.sqrt(tensor.squares())))));
        if (output.isJson()) {
            rows.forEach(answer.putArray("tensors")::add);
            output.value(answer);
            return;
        }
        output.value(answer);
        if (!rows.isEmpty()) {
            output.say("");
            output.table(rows, "name", "differing", "largest", "norm");
        }
    }
}
