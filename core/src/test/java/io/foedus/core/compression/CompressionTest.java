package io.foedus.core.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.models.DType;
import io.foedus.core.models.Difference;
import io.foedus.core.models.Digest;
import io.foedus.core.models.MalformedModelException;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.PartialModel;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompressionTest {
    private static final ModelFormat NPZ = ModelFormats.byId("npz");
    private static final ModelLayout LAYOUT = new ModelLayout(List.of(
            TensorSpec.of("w", DType.F32, 100, 101),
            TensorSpec.of("bias", DType.F32, 10),
            TensorSpec.of("n", DType.I64),
            TensorSpec.of("d", DType.F64, 300)));

    @TempDir
    Path directory;

    private Path model(String name, ModelLayout layout, long seed) throws IOException {
        Path path = directory.resolve(name);
        Random random = new Random(seed);
        try (ModelWriter writer = ModelWriter.create(path, NPZ, layout)) {
            for (int i = 0; i < layout.tensors().size(); i++) {
                double[] values = new double[(int) layout.tensors().get(i).elements()];
                for (int j = 0; j < values.length; j++) {
                    values[j] = layout.tensors().get(i).dtype().floating() ? random.nextGaussian() * 0.05 : 7;
                }
                writer.slices().write(i, 0, values, 0, values.length);
            }
            writer.finish();
        }
        return path;
    }

    @ParameterizedTest
    @CsvSource({"f16, 0.0003, 0.6", "bf16, 0.003, 0.6", "int8, 0.01, 0.4"})
    void a_compressed_model_is_smaller_and_comes_back_within_its_promise(String name, double loss, double size)
            throws IOException {
        Path path = model("m.npz", LAYOUT, 1);
        Path small = directory.resolve("small.npz");
        Path back = directory.resolve("back.npz");
        try (ModelFile model = ModelFile.open(path)) {
            Digest digest = Compression.parse(name).compress(model, NPZ, small);
            assertThat(digest).isEqualTo(Digest.of(small));
            assertThat((double) Files.size(small)).isLessThan(size * Files.size(path));
            try (ModelFile compressed = ModelFile.open(small)) {
                Compression.restore(compressed, LAYOUT, NPZ, back);
            }
            try (ModelFile restored = ModelFile.open(back)) {
                assertThat(restored.layout()).isEqualTo(LAYOUT);
                Difference difference = Difference.between(model, restored);
                assertThat(difference.relative()).isBetween(loss / 100, loss);
                assertThat(difference.tensors().get(2).differing()).isZero();
            }
        }
    }

    @Test
    void a_whole_model_is_restored_as_it_is_and_a_stranger_is_refused() throws IOException {
        Path path = model("m.npz", LAYOUT, 1);
        Path back = directory.resolve("back.npz");
        try (ModelFile model = ModelFile.open(path)) {
            assertThat(Compression.restore(model, LAYOUT, NPZ, back)).isEqualTo(Digest.of(path));
            ModelLayout other = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 5)));
            assertThatThrownBy(() -> Compression.restore(model, other, NPZ, back))
                    .isInstanceOf(MalformedModelException.class);
            Path small = directory.resolve("small.npz");
            Compression.INT8.compress(model, NPZ, small);
            try (ModelFile compressed = ModelFile.open(small)) {
                assertThatThrownBy(() -> Compression.restore(compressed, other, NPZ, back))
                        .isInstanceOf(MalformedModelException.class);
            }
        }
        assertThatThrownBy(() -> Compression.parse("zip")).hasMessageContaining("known are f16, bf16, int8");
    }

    @Test
    void a_partial_model_is_completed_by_the_global_one() throws IOException {
        Path global = model("g.npz", LAYOUT, 1);
        Path update = model("u.npz", LAYOUT, 1);
        Path part = directory.resolve("part.npz");
        Path whole = directory.resolve("whole.npz");
        try (ModelFile base = ModelFile.open(global)) {
            try (ModelFile same = ModelFile.open(update)) {
                assertThatThrownBy(() -> PartialModel.reduce(same, base, part)).hasMessageContaining("does not differ");
            }
            ModelLayout adapter = new ModelLayout(List.of(TensorSpec.of("bias", DType.F32, 10)));
            try (ModelFile changed = ModelFile.open(model("b.npz", adapter, 5))) {
                PartialModel.complete(changed, base, whole);
                try (ModelFile completed = ModelFile.open(whole)) {
                    Difference difference = Difference.between(base, completed);
                    assertThat(difference.differing()).isEqualTo(10);
                    assertThat(difference.tensors().get(1).differing()).isEqualTo(10);
                    assertThat(PartialModel.reduce(completed, base, part)).isEqualTo(Digest.of(changed.path()));
                }
            }
            ModelLayout wrong = new ModelLayout(List.of(TensorSpec.of("bias", DType.F32, 11)));
            assertThat(PartialModel.misfit(LAYOUT, wrong)).hasValue("tensor 'bias f32 (11)' should be 'bias f32 (10)'");
            ModelLayout unknown = new ModelLayout(List.of(TensorSpec.of("lora", DType.F32, 11)));
            assertThat(PartialModel.misfit(LAYOUT, unknown)).hasValue("the global model has no tensor 'lora'");
            assertThat(PartialModel.misfit(LAYOUT, new ModelLayout(List.of()))).isPresent();
        }
    }
}
