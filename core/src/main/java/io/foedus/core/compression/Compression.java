package io.foedus.core.compression;

import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorSpec;
import io.foedus.core.models.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A way to make a model's file smaller. */
public enum Compression {
    /**
     * Floats wider than 16 bits become IEEE binary16: half of float32, relative error up to 2^-11, overflow at 65,504.
     */
    F16,
    /** Floats wider than 16 bits become bfloat16: half of float32, relative error up to 2^-8, float32's range. */
    BF16,
    /**
     * Floats become 8-bit integers with a float32 scale for every block of 256 elements: 3.9 times smaller than
     * float32, error up to a 254th of the block's largest magnitude. Smaller tensors than a block stay as they are.
     */
    INT8;

    /**
     * The compression of that name.
     *
     * @throws IllegalArgumentException naming those there are
     */
    public static Compression parse(String name) {
        for (Compression compression : values()) {
            if (compression.label().equals(name.strip())) {
                return compression;
            }
        }
        throw new IllegalArgumentException("there is no compression '" + name + "'; known are f16, bf16, int8");
    }

    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * Writes the compressed model, forced to disk.
     *
     * @return SHA-256 of the output
     * @throws io.foedus.core.models.MalformedModelException if a value cannot be quantised because it is not finite
     */
    public Digest compress(ModelFile model, ModelFormat format, Path output) throws IOException {
        if (this == INT8) {
            return BlockQuantisation.compress(model, format, output);
        }
        DType small = this == F16 ? DType.F16 : DType.BF16;
        List<TensorSpec> specs = new ArrayList<>();
        for (TensorSpec spec : model.layout().tensors()) {
            boolean wide = spec.dtype().floating() && spec.dtype().bytes() > 2;
            specs.add(new TensorSpec(spec.name(), wide ? small : spec.dtype(), spec.shape()));
        }
        return rewrite(model, format, new ModelLayout(specs), output);
    }

    /**
     * Restores a compressed model, whichever way it was made, to a full layout; forced to disk. A model that has the
     * layout already is copied.
     *
     * @return SHA-256 of the output
     * @throws io.foedus.core.models.MalformedModelException if the model is no compressed form of that layout
     */
    public static Digest restore(ModelFile compressed, ModelLayout layout, ModelFormat format, Path output)
            throws IOException {
        if (BlockQuantisation.recognises(compressed.layout())) {
            return BlockQuantisation.restore(compressed, layout, format, output);
        }
        Optional<String> misfit = misfit(layout, compressed.layout());
        if (misfit.isPresent()) {
            throw new io.foedus.core.models.MalformedModelException(misfit.get());
        }
        return rewrite(compressed, format, layout, output);
    }

    private static Optional<String> misfit(ModelLayout full, ModelLayout compressed) {
        List<TensorSpec> widened = new ArrayList<>();
        for (int i = 0; i < compressed.tensors().size(); i++) {
            TensorSpec spec = compressed.tensors().get(i);
            boolean narrowed = i < full.tensors().size()
                    && spec.dtype().floating()
                    && full.tensors().get(i).dtype().floating()
                    && spec.dtype().bytes() == 2;
            widened.add(
                    narrowed ? new TensorSpec(spec.name(), full.tensors().get(i).dtype(), spec.shape()) : spec);
        }
        return full.firstDifference(new ModelLayout(widened));
    }

    private static Digest rewrite(ModelFile model, ModelFormat format, ModelLayout layout, Path output)
            throws IOException {
        try (ModelWriter writer = ModelWriter.create(
                output, format, layout, format.keepsMetadata() ? model.metadata() : java.util.Map.of())) {
            new Transcript(writer).copyAll(model);
            return writer.finish();
        }
    }
}
