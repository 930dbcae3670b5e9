package io.foedus.core.aggregation;

import io.foedus.core.models.DType;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorReader;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Model files with seeded random numbers, and back to arrays: the raw material of the law tests. */
final class Updates implements AutoCloseable {
    private final Path directory;
    private final List<ModelFile> open = new ArrayList<>();

    Updates(Path directory) {
        this.directory = directory;
    }

    /** A layout of a few tensors of odd shapes, scalars and empty ones among them. */
    static ModelLayout layout(SplittableRandom random, DType... dtypes) {
        List<TensorSpec> specs = new ArrayList<>();
        int count = random.nextInt(1, 6);
        for (int i = 0; i < count; i++) {
            long[] shape = new long[random.nextInt(0, 4)];
            for (int axis = 0; axis < shape.length; axis++) {
                shape[axis] = random.nextInt(20) == 0 ? 0 : random.nextInt(1, 30);
            }
            specs.add(TensorSpec.of("t" + i, dtypes[random.nextInt(dtypes.length)], shape));
        }
        return new ModelLayout(specs);
    }

    /** A file with normal numbers. */
    ModelFile random(String name, ModelLayout layout, SplittableRandom random) throws IOException {
        java.util.Random normal = new java.util.Random(random.nextLong());
        double[][] values = new double[layout.tensors().size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = new double[(int) layout.tensors().get(i).elements()];
            for (int j = 0; j < values[i].length; j++) {
                values[i][j] = layout.tensors().get(i).dtype().floating() ? normal.nextGaussian() : normal.nextInt(100);
            }
        }
        return file(name, layout, values);
    }

    ModelFile file(String name, ModelLayout layout, double[]... values) throws IOException {
        return file(name, ModelFormats.byId("npz"), layout, values);
    }

    ModelFile file(String name, ModelFormat format, ModelLayout layout, double[]... values) throws IOException {
        Path path = directory.resolve(name + format.suffix());
        try (ModelWriter writer = ModelWriter.create(path, format, layout)) {
            ModelWriter.Slices slices = writer.slices();
            for (int i = 0; i < values.length; i++) {
                slices.write(i, 0, values[i], 0, values[i].length);
            }
            writer.finish();
        }
        return reopen(path);
    }

    ModelFile reopen(Path path) throws IOException {
        ModelFile file = ModelFile.open(path);
        open.add(file);
        return file;
    }

    /** All numbers of a model, tensor after tensor. */
    static double[] values(ModelFile model) throws IOException {
        double[] all = new double[(int) model.layout().elements()];
        int at = 0;
        for (int i = 0; i < model.layout().tensors().size(); i++) {
            int count = (int) model.layout().tensors().get(i).elements();
            try (TensorReader reader = model.reader(i)) {
                reader.read(0, all, at, count);
            }
            at += count;
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        for (ModelFile file : open) {
            file.close();
        }
    }
}
