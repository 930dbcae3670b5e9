package io.foedus.core.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.Contribution;
import io.foedus.core.aggregation.Deflated;
import io.foedus.core.aggregation.Fold;
import io.foedus.core.models.AdmissionResult.Accepted;
import io.foedus.core.models.AdmissionResult.Code;
import io.foedus.core.models.AdmissionResult.Rejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates of other dtypes than the model has. */
class CastingTest {
    private static final int MANY = 20_000;

    @TempDir
    Path directory;

    private int files;

    @Test
    void fractions_are_rounded_and_never_made_whole() {
        for (DType to : DType.values()) {
            for (DType from : DType.values()) {
                boolean whole = !to.floating() && from.floating();
                assertThat(to.takes(from) && whole).as(from + " to " + to).isFalse();
                assertThat(to.takes(from) || !to.floating())
                        .as(from + " to " + to)
                        .isTrue();
            }
        }
        assertThat(DType.I64.takes(DType.I32)).isTrue();
        assertThat(DType.I64.takes(DType.U32)).isTrue();
        assertThat(DType.I64.takes(DType.BOOL)).isTrue();
        assertThat(DType.I32.takes(DType.I64)).isFalse();
        assertThat(DType.I64.takes(DType.U64)).isFalse();
        assertThat(DType.U64.takes(DType.I8)).isFalse();
        assertThat(DType.BOOL.takes(DType.U8)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "F64, F32, 0.1, 0.10000000149011612",
        "F32, F64, 0.1, 0.10000000149011612",
        "F64, F16, 2049, 2048",
        "F16, F32, 1.5, 1.5",
        "F32, BF16, 1.00390625, 1",
        "I32, F32, 16777217, 16777216",
        "I64, F64, -7, -7",
        "BOOL, F32, 1, 1",
        "I16, I64, -300, -300",
        "U8, I16, 255, 255",
    })
    void a_number_becomes_the_nearest_of_the_model_s_dtype(DType from, DType to, double given, double seen)
            throws IOException {
        Path file = model(from, given, 0, given);
        try (ModelFile open = ModelFile.open(file).castTo(layout(to, 3));
                TensorReader reader = open.reader(0)) {
            double[] values = new double[3];
            reader.read(0, values, 0, 3);
            assertThat(values).containsExactly(seen, 0, seen);
            assertThat(reader.bytes(0, 3).remaining()).isEqualTo(3 * to.bytes());
            double[] sums = new double[2];
            reader.addScaled(1, 2, sums, 2);
            assertThat(sums).containsExactly(0, 2 * seen);
            assertThat(open.digest()).isEqualTo(Digest.of(file));
        }
    }

    @Test
    void what_cannot_be_cast_stays_as_it_is() throws IOException {
        try (ModelFile open = ModelFile.open(model(DType.F32, 1, 2))) {
            assertThat(open.castTo(layout(DType.I64, 2))).isSameAs(open);
            assertThat(open.castTo(layout(DType.F64, 3))).isSameAs(open);
            assertThat(open.castTo(layout(DType.F32, 2))).isSameAs(open);
        }
    }

    /** Stored and deflated, of one thread and of three, checked by their own digests or not. */
    @ParameterizedTest
    @ValueSource(strings = {"mean", "median", "clipped-mean:1"})
    void folding_through_a_cast_makes_the_bits_of_folding_what_was_cast_before(String rule) throws IOException {
        Path base = model(DType.F32, random(0));
        List<Path> updates = List.of(
                model(DType.F64, random(1)), model(DType.F32, random(2)), Deflated.copyOf(model(DType.F64, random(3))));
        List<Path> cast = new ArrayList<>();
        for (int i = 0; i < updates.size(); i++) {
            cast.add(model(DType.F32, random(i + 1)));
        }

        Digest before = fold(rule, base, cast, 1);

        assertThat(fold(rule, base, updates, 1)).isEqualTo(before);
        assertThat(fold(rule, base, updates, 3)).isEqualTo(before);
    }

    @Test
    void an_update_of_another_dtype_is_admitted_and_its_copy_has_the_model_s() throws IOException {
        Path update = Deflated.copyOf(model(DType.F64, random(1)));
        Path copy = directory.resolve("copy");

        AdmissionResult result = Admission.to(layout(DType.F32, MANY))
                .judge(update, Files.size(update), Digest.of(update), Optional.of(copy));

        assertThat(result).isInstanceOfSatisfying(Accepted.class, accepted -> {
            assertThat(accepted.digest()).isEqualTo(digest(update));
            assertThat(accepted.cast()).contains("tensor 0 'w' has dtype f64, expected f32");
        });
        try (ModelFile open = ModelFile.open(copy)) {
            assertThat(open.layout()).isEqualTo(layout(DType.F32, MANY));
        }
    }

    @Test
    void a_number_that_the_model_s_dtype_cannot_hold_is_refused() throws IOException {
        Path update = model(DType.F64, 1, 1e300);

        AdmissionResult result =
                Admission.to(layout(DType.F32, 2)).judge(update, Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(result)
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(Code.NOT_FINITE));
    }

    // ---- words of these tests

    private static ModelLayout layout(DType dtype, int elements) {
        return new ModelLayout(List.of(TensorSpec.of("w", dtype, elements)));
    }

    private Path model(DType dtype, double... values) throws IOException {
        Path file = directory.resolve("model-" + files++);
        try (ModelWriter writer = ModelWriter.create(file, new NpzFormat(), layout(dtype, values.length))) {
            writer.slices().write(0, 0, values, 0, values.length);
            writer.finish();
        }
        return file;
    }

    private static double[] random(int seed) {
        return new Random(seed).doubles(MANY).toArray();
    }

    private Digest fold(String rule, Path base, List<Path> updates, int threads) throws IOException {
        List<ModelFile> open = new ArrayList<>();
        try {
            ModelFile global = ModelFile.open(base);
            open.add(global);
            List<Contribution> contributions = new ArrayList<>();
            for (Path update : updates) {
                ModelFile file = ModelFile.open(update).castTo(global.layout());
                open.add(file);
                contributions.add(new Contribution("c" + contributions.size(), file, 3, Digest.of(update)));
            }
            return Fold.with(Aggregators.parse(rule))
                    .threads(threads)
                    .run(contributions, Optional.of(global), directory.resolve("folded"))
                    .digest();
        } finally {
            for (ModelFile file : open) {
                file.close();
            }
        }
    }

    private static Digest digest(Path file) {
        try {
            return Digest.of(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
