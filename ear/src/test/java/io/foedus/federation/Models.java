package io.foedus.federation;

import io.foedus.core.models.DType;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorReader;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Models of one float32 tensor, small enough to hold in an array. */
public final class Models {
    private Models() {}

    /** Writes the values as an npz file, replacing what is there at once. */
    public static Path write(Path file, double... values) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("0", DType.F32, values.length)));
        try (ModelWriter writer = ModelWriter.create(part, ModelFormats.byId("npz"), layout)) {
            writer.slices().write(0, 0, values, 0, values.length);
            writer.finish();
            Files.move(part, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The values of the first tensor. */
    public static double[] read(Path file) {
        try (ModelFile model = ModelFile.open(file);
                TensorReader reader = model.reader(0)) {
            double[] values =
                    new double[Math.toIntExact(model.layout().tensors().get(0).elements())];
            reader.read(0, values, 0, values.length);
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A vector that is 1 in one place: a mean of such vectors shows the weight of each. */
    public static double[] oneHot(int place, int length) {
        double[] values = new double[length];
        values[place] = 1;
        return values;
    }
}
