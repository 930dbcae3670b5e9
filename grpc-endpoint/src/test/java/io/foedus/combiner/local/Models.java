package io.foedus.combiner.local;

import io.foedus.core.exchange.ShareReport;
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
import java.util.Arrays;
import java.util.List;

/** Small models of one tensor. */
public final class Models {
    private Models() {}

    /** A model with these values in a float32 tensor named {@code 0}. */
    public static byte[] of(double... values) {
        return named("0", values);
    }

    /** The same with a float64 tensor. */
    public static byte[] ofDoubles(double... values) {
        return file(TensorSpec.of("0", DType.F64, values.length), values);
    }

    public static byte[] named(String name, double... values) {
        return file(TensorSpec.of(name, DType.F32, values.length), values);
    }

    private static byte[] file(TensorSpec tensor, double... values) {
        try {
            Path file = Files.createTempFile("model", ".npz");
            ModelLayout layout = new ModelLayout(List.of(tensor));
            try (ModelWriter writer = ModelWriter.create(file, ModelFormats.byId("npz"), layout)) {
                writer.slices().write(0, 0, values, 0, values.length);
                writer.finish();
            }
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A model of about that many bytes, all of one value. */
    public static byte[] ofBytes(int bytes, double value) {
        double[] values = new double[bytes / 4];
        Arrays.fill(values, value);
        return of(values);
    }

    /** What a partial's inputs come to: of a sum, the mean, which of a rule on differences is relative to the base. */
    static double[] mean(byte[] partial, ShareReport report) {
        double[] values = values(partial);
        double weight = name(partial).startsWith("sum.")
                ? report.inputs().stream()
                        .mapToDouble(ShareReport.Input::weight)
                        .sum()
                : 1;
        return Arrays.stream(values).map(value -> value / weight).toArray();
    }

    private static String name(byte[] model) {
        return read(model, file -> file.layout().tensors().get(0).name());
    }

    public static double[] values(byte[] model) {
        return read(model, open -> {
            try (TensorReader reader = open.reader(0)) {
                double[] values =
                        new double[(int) open.layout().tensors().get(0).elements()];
                reader.read(0, values, 0, values.length);
                return values;
            }
        });
    }

    private interface Look<T> {
        T at(ModelFile file) throws IOException;
    }

    private static <T> T read(byte[] model, Look<T> look) {
        try {
            Path file = Files.createTempFile("model", ".npz");
            Files.write(file, model);
            try (ModelFile open = ModelFile.open(file)) {
                return look.at(open);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
