package io.foedus.faults;

import io.foedus.core.models.DType;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Models that are too big to hold in an array. */
final class BigModels {
    private static final int SLICE = 1 << 18;

    private BigModels() {}

    /** Writes an npz file of one float32 tensor of so many MiB. */
    static Path write(Path file, long mebibytes, long seed) {
        Random random = new Random(seed);
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("0", DType.F32, mebibytes * SLICE)));
        try (ModelWriter writer = ModelWriter.create(file, ModelFormats.byId("npz"), layout)) {
            double[] slice = random.doubles(SLICE, -1, 1).toArray();
            for (long i = 0; i < mebibytes; i++) {
                slice[0] = i;
                writer.slices().write(0, i * SLICE, slice, 0, SLICE);
            }
            writer.finish();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
