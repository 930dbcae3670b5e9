package io.foedus.core.models;

import io.foedus.core.json.Json;
import io.foedus.core.json.JsonObject;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The files under {@code golden/}, made by NumPy, PyTorch, Keras and safetensors, and what is in them. */
public final class Golden {
    private Golden() {}

    /** One tensor as its maker describes it. */
    @SuppressWarnings("ArrayRecordComponent") // compared by its parts only
    public record Tensor(TensorSpec spec, byte[] bytes) {}

    public static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(Golden.class.getResource("/golden/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static List<Tensor> tensors(String name) throws IOException {
        JsonObject all = Json.object(Files.readString(file("golden.json")));
        return all.objects(name).stream().map(Golden::tensor).toList();
    }

    private static Tensor tensor(JsonObject json) {
        long[] shape = json.list("shape").stream()
                .mapToLong(extent -> ((Number) extent).longValue())
                .toArray();
        DType dtype = DType.valueOf(json.string("dtype").toUpperCase(Locale.ROOT));
        return new Tensor(
                TensorSpec.of(json.string("name"), dtype, shape), HexFormat.of().parseHex(json.string("hex")));
    }

    /** All bytes of a tensor, little-endian, in C order. */
    public static byte[] bytes(ModelFile model, int tensor) throws IOException {
        TensorSpec spec = model.layout().tensors().get(tensor);
        ByteBuffer bytes = ByteBuffer.allocate((int) spec.bytes());
        try (TensorReader reader = model.reader(tensor)) {
            for (long first = 0; first < spec.elements(); ) {
                int count = (int) Math.min(reader.bytesAtATime(), spec.elements() - first);
                bytes.put(reader.bytes(first, count));
                first += count;
            }
        }
        return bytes.array();
    }

    /** Writes tensors given as bytes. */
    public static Digest write(Path path, ModelFormat format, List<Tensor> tensors) throws IOException {
        ModelLayout layout = new ModelLayout(tensors.stream().map(Tensor::spec).toList());
        try (ModelWriter writer = ModelWriter.create(path, format, layout)) {
            ModelWriter.Slices slices = writer.slices();
            for (int i = 0; i < tensors.size(); i++) {
                slices.writeBytes(i, 0, ByteBuffer.wrap(tensors.get(i).bytes()));
            }
            return writer.finish();
        }
    }
}
