package io.foedus.core.compression;

import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.MalformedModelException;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorReader;
import io.foedus.core.models.TensorSpec;
import io.foedus.core.models.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Symmetric 8-bit quantisation of blocks: with s = max|x| / 127 of a block, x is kept as round(x / s) and s. A
 * quantised tensor {@code name} is followed by its scales {@code name.scale}, one per block in C order.
 */
final class BlockQuantisation {
    private static final int BLOCK = 256;
    private static final String SCALE = ".scale";

    private BlockQuantisation() {}

    static boolean recognises(ModelLayout layout) {
        for (int i = 0; i + 1 < layout.tensors().size(); i++) {
            if (quantised(layout, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean quantised(ModelLayout layout, int i) {
        if (i + 1 >= layout.tensors().size()) {
            return false;
        }
        TensorSpec values = layout.tensors().get(i);
        return values.dtype() == DType.I8 && layout.tensors().get(i + 1).equals(scale(values));
    }

    private static TensorSpec scale(TensorSpec values) {
        return TensorSpec.of(values.name() + SCALE, DType.F32, (values.elements() + BLOCK - 1) / BLOCK);
    }

    private static boolean worthwhile(TensorSpec spec) {
        return spec.dtype().floating() && spec.elements() >= BLOCK;
    }

    private static TensorSpec small(TensorSpec spec) {
        return new TensorSpec(spec.name(), DType.I8, spec.shape());
    }

    static Digest compress(ModelFile model, ModelFormat format, Path output) throws IOException {
        List<TensorSpec> specs = new ArrayList<>();
        for (TensorSpec spec : model.layout().tensors()) {
            specs.add(worthwhile(spec) ? small(spec) : spec);
            if (worthwhile(spec)) {
                specs.add(scale(spec));
            }
        }
        try (ModelWriter writer = create(output, format, new ModelLayout(specs), model)) {
            Transcript transcript = new Transcript(writer);
            ModelWriter.Slices slices = writer.slices();
            int place = 0;
            for (int i = 0; i < model.layout().tensors().size(); i++) {
                if (worthwhile(model.layout().tensors().get(i))) {
                    quantise(model, i, slices, place);
                    place += 2;
                } else {
                    transcript.copy(model, i, place++);
                }
            }
            return writer.finish();
        }
    }

    private static void quantise(ModelFile model, int tensor, ModelWriter.Slices slices, int place) throws IOException {
        TensorSpec spec = model.layout().tensors().get(tensor);
        double[] values = new double[BLOCK];
        double[] scale = new double[1];
        try (TensorReader reader = model.reader(tensor)) {
            for (long first = 0; first < spec.elements(); first += BLOCK) {
                int count = (int) Math.min(BLOCK, spec.elements() - first);
                reader.read(first, values, 0, count);
                double largest = 0;
                for (int i = 0; i < count; i++) {
                    largest = Math.max(largest, Math.abs(values[i]));
                }
                // the scale as it will be read back, so that rounding it costs nothing more
                scale[0] = (float) (largest / 127);
                if (!Double.isFinite(scale[0])) {
                    throw new MalformedModelException(
                            "tensor '" + spec.name() + "' has a value that cannot be quantised near index " + first);
                }
                for (int i = 0; i < count && scale[0] != 0; i++) {
                    values[i] = Math.max(-127, Math.min(127, values[i] / scale[0]));
                }
                slices.write(place, first, values, 0, count);
                slices.write(place + 1, first / BLOCK, scale, 0, 1);
            }
        }
    }

    static Digest restore(ModelFile compressed, ModelLayout layout, ModelFormat format, Path output)
            throws IOException {
        ModelLayout found = compressed.layout();
        List<TensorSpec> widened = new ArrayList<>();
        for (int i = 0; i < found.tensors().size(); i++) {
            TensorSpec spec = found.tensors().get(i);
            if (quantised(found, i)) {
                int full = layout.indexOf(spec.name());
                DType dtype = full < 0 ? DType.F32 : layout.tensors().get(full).dtype();
                widened.add(new TensorSpec(spec.name(), dtype, spec.shape()));
                i++;
            } else {
                widened.add(spec);
            }
        }
        Optional<String> misfit = layout.firstDifference(new ModelLayout(widened));
        if (misfit.isPresent()) {
            throw new MalformedModelException(misfit.get());
        }
        try (ModelWriter writer = create(output, format, layout, compressed)) {
            Transcript transcript = new Transcript(writer);
            ModelWriter.Slices slices = writer.slices();
            int source = 0;
            for (int place = 0; place < layout.tensors().size(); place++) {
                if (quantised(found, source)) {
                    expand(compressed, source, slices, place);
                    source += 2;
                } else {
                    transcript.copy(compressed, source++, place);
                }
            }
            return writer.finish();
        }
    }

    private static void expand(ModelFile compressed, int source, ModelWriter.Slices slices, int place)
            throws IOException {
        long elements = compressed.layout().tensors().get(source).elements();
        double[] values = new double[BLOCK];
        double[] scale = new double[1];
        try (TensorReader reader = compressed.reader(source);
                TensorReader scales = compressed.reader(source + 1)) {
            for (long first = 0; first < elements; first += BLOCK) {
                int count = (int) Math.min(BLOCK, elements - first);
                reader.read(first, values, 0, count);
                scales.read(first / BLOCK, scale, 0, 1);
                for (int i = 0; i < count; i++) {
                    values[i] *= scale[0];
                }
                slices.write(place, first, values, 0, count);
            }
        }
    }

    private static ModelWriter create(Path output, ModelFormat format, ModelLayout layout, ModelFile pattern)
            throws IOException {
        return ModelWriter.create(output, format, layout, format.keepsMetadata() ? pattern.metadata() : Map.of());
    }
}
