package io.foedus.agent.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.SliceBuffer;
import io.foedus.core.models.StoredTensor;
import io.foedus.core.models.TensorReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what is in a model file. */
@Command(
        name = "inspect",
        description = "Show a model file's tensors; with --stats also their smallest, largest and mean value and norm.",
        footer = {"", "Example:  foedus model inspect --stats seed.npz"})
public final class InspectCommand implements Runnable {
    private static final int BLOCK = 8192;

    @Mixin
    private Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "The model file.")
    private Path file = Path.of("");

    @Option(names = "--format", description = "npz, safetensors, raw (float64) or raw32; recognised if not given.")
    private @Nullable String format;

    @Option(names = "--stats", description = "Read the values too.")
    private boolean stats;

    @Override
    public void run() {
        try (ModelFile model = ModelInput.open(file, format)) {
            ObjectNode summary = Json.object()
                    .put("file", file.toString())
                    .put("format", model.format().id())
                    .put("bytes", model.bytes())
                    .put("sha256", model.digest().hex())
                    .put("elements", model.layout().elements())
                    .put("deflated", model.deflated());
            model.metadata()
                    .forEach((key, value) -> summary.withObject("/metadata").put(key, value));
            List<JsonNode> tensors = new ArrayList<>();
            for (int i = 0; i < model.stored().size(); i++) {
                tensors.add(tensor(model, i));
            }
            if (output.isJson()) {
                ArrayNode array = summary.putArray("tensors");
                tensors.forEach(array::add);
                output.value(summary);
                return;
            }
            output.value(summary);
            output.say("");
            if (stats) {
                output.table(tensors, "name", "dtype", "shape", "min", "max", "mean", "norm", "notFinite");
            } else {
                output.table(tensors, "name", "dtype", "shape", "bytes");
            }
        } catch (IOException e) {
            throw ModelInput.failed(file, e);
        }
    }

    private ObjectNode tensor(ModelFile model, int index) throws IOException {
        StoredTensor stored = model.stored().get(index);
        ObjectNode tensor = Json.object()
                .put("name", stored.spec().name())
                .put("dtype", stored.spec().dtype().label());
        ArrayNode shape = tensor.putArray("shape");
        stored.spec().shape().forEach(shape::add);
        tensor.put("bytes", stored.spec().bytes());
        if (stats && stored.spec().elements() > 0) {
            addStats(model, index, tensor);
        }
        return tensor;
    }

    private static void addStats(ModelFile model, int index, ObjectNode tensor) throws IOException {
        double[] values = new double[BLOCK];
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        long notFinite = 0;
        long elements = model.layout().tensors().get(index).elements();
        try (TensorReader reader = model.reader(index, new SliceBuffer())) {
            for (long first = 0; first < elements; first += BLOCK) {
                int count = (int) Math.min(BLOCK, elements - first);
                reader.read(first, values, 0, count);
                for (int i = 0; i < count; i++) {
                    if (!Double.isFinite(values[i])) {
                        notFinite++;
                        continue;
                    }
                    min = Math.min(min, values[i]);
                    max = Math.max(max, values[i]);
                    sum += values[i];
                    squares += values[i] * values[i];
                }
            }
        }
        if (notFinite < elements) {
            tensor.put("min", min).put("max", max).put("mean", sum / (elements - notFinite));
        }
        tensor.put("norm", Math.sqrt(squares)).put("notFinite", notFinite);
    }
}
