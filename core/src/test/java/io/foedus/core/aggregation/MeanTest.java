package io.foedus.core.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeanTest {
    @TempDir
    Path directory;

    private Updates updates;

    @BeforeEach
    void open() {
        updates = new Updates(directory);
    }

    @AfterEach
    void close() throws IOException {
        updates.close();
    }

    @Test
    void a_contribution_whose_finite_value_overflows_the_sum_is_named_with_its_tensor() throws IOException {
        ModelLayout layout =
                new ModelLayout(List.of(TensorSpec.of("v", DType.F64, 1), TensorSpec.of("w", DType.F64, 3)));
        List<Contribution> contributions = List.of(
                new Contribution("a", updates.file("a", layout, new double[] {1}, new double[] {1, 2, 3}), 1000),
                new Contribution("b", updates.file("b", layout, new double[] {1}, new double[] {1, 1e308, 3}), 10),
                new Contribution("c", updates.file("c", layout, new double[] {1}, new double[] {1, 2, 3}), 1000));
        assertThatThrownBy(() -> Fold.with(new Mean()).run(contributions, directory.resolve("out.npz")))
                .isInstanceOfSatisfying(
                        FoldException.class, e -> assertThat(e.culprit()).hasValue("b"))
                .hasMessage("contribution b is out of scale: tensor 'w' overflows at index 1, where it has the value"
                        + " 1.0E308");
        assertThat(directory.resolve("out.npz")).doesNotExist();
    }

    @Test
    void a_contribution_that_leaps_out_of_its_dtype_is_named() throws IOException {
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 1)));
        ModelFile base = updates.file("base", layout, new double[] {2e38});
        ModelFile older = updates.file("older", layout, new double[] {-3e38});
        List<Contribution> contributions = List.of(
                new Contribution("a", updates.file("a", layout, new double[] {2.1e38}), 1),
                new Contribution("b", updates.file("b", layout, new double[] {3e38}), 1).from(older, 1));
        assertThatThrownBy(() -> Fold.with(new BufferedMean(0))
                        .run(contributions, java.util.Optional.of(base), directory.resolve("out.npz")))
                .isInstanceOfSatisfying(
                        FoldException.class, e -> assertThat(e.culprit()).hasValue("b"));
    }

    @Test
    void hierarchical_mean_equals_flat_mean() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ModelLayout layout = Updates.layout(random, DType.F32, DType.F64);
            int clients = random.nextInt(1, 12);
            int combiners = random.nextInt(1, 5);
            List<Contribution> all = new ArrayList<>();
            Map<Integer, List<Contribution>> shares = new TreeMap<>();
            for (int c = 0; c < clients; c++) {
                ModelFile update = updates.random(seed + "-" + c, layout, random);
                Contribution contribution = new Contribution("client-" + c, update, random.nextInt(1, 1000));
                all.add(contribution);
                shares.computeIfAbsent(random.nextInt(combiners), k -> new ArrayList<>())
                        .add(contribution);
            }
            Path flat = directory.resolve("flat-" + seed + ".npz");
            FoldResult whole = Fold.with(new Mean()).run(all, flat);
            List<Contribution> partials = new ArrayList<>();
            for (Map.Entry<Integer, List<Contribution>> share : shares.entrySet()) {
                Path path = directory.resolve("partial-" + seed + "-" + share.getKey() + ".npz");
                FoldResult partial = Fold.with(new Mean()).run(share.getValue(), path);
                partials.add(new Contribution("combiner-" + share.getKey(), updates.reopen(path), partial.weight()));
            }
            Path merged = directory.resolve("merged-" + seed + ".npz");
            FoldResult tree = Fold.with(new Mean()).over(Tier.PARTIALS).run(partials, merged);
            assertThat(tree.weight()).isEqualTo(whole.weight());
            assertThat(Updates.values(updates.reopen(merged)))
                    .as("seed " + seed)
                    .containsExactly(Updates.values(updates.reopen(flat)), within(1e-6));
        }
    }

    @Test
    void integers_on_which_all_agree_are_kept_to_the_last_bit_and_others_are_rounded() throws IOException {
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("steps", DType.I64, 3)));
        long large = (1L << 60) + 1;
        ModelFile a = longs("a", layout, large, 10, 1);
        ModelFile b = longs("b", layout, large, 11, 2);
        Path out = directory.resolve("out.npz");
        Fold.with(new Mean()).run(List.of(new Contribution("a", a, 1), new Contribution("b", b, 3)), out);
        ModelFile mean = updates.reopen(out);
        assertThat(mean.layout()).isEqualTo(layout);
        try (var reader = mean.reader(0)) {
            var bytes = reader.bytes(0, 3);
            assertThat(bytes.getLong()).isEqualTo(large);
            assertThat(bytes.getLong()).isEqualTo(11);
            assertThat(bytes.getLong()).isEqualTo(2);
        }
    }

    private ModelFile longs(String name, ModelLayout layout, long... values) throws IOException {
        Path path = directory.resolve(name + ".npz");
        try (var writer =
                io.foedus.core.models.ModelWriter.create(path, new io.foedus.core.models.NpzFormat(), layout)) {
            var bytes = java.nio.ByteBuffer.allocate(values.length * 8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            for (long value : values) {
                bytes.putLong(value);
            }
            writer.slices().writeBytes(0, 0, bytes.flip());
            writer.finish();
        }
        return updates.reopen(path);
    }

    @Test
    void a_file_that_is_not_what_its_digest_says_fails_the_fold_and_leaves_no_output() throws IOException {
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 4)));
        ModelFile file = updates.file("a", layout, new double[] {1, 2, 3, 4});
        Path out = directory.resolve("out.npz");
        Contribution good = new Contribution("a", file, 1, Digest.of(file.path()));
        Contribution bad = new Contribution("b", file, 1, Digest.of(new byte[] {1}));
        assertThatThrownBy(() -> Fold.with(new Mean()).threads(2).run(List.of(good, bad), out))
                .isInstanceOf(FoldException.class)
                .hasMessageContaining("contribution b is not the file it should be");
        assertThat(out).doesNotExist();
        FoldResult result = Fold.with(new Mean()).threads(2).run(List.of(good), out);
        assertThat(result.digest()).isEqualTo(Digest.of(out));
        assertThat(result.bytes()).isEqualTo(Files.size(out));
    }

    @Test
    void nothing_to_fold_other_layouts_and_equal_names_are_refused_in_words() throws IOException {
        ModelFile w = updates.file("w", new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 1))), new double[] {1});
        ModelFile v = updates.file("v", new ModelLayout(List.of(TensorSpec.of("v", DType.F32, 1))), new double[] {1});
        Path out = directory.resolve("out.npz");
        Fold fold = Fold.with(new Mean());
        assertThatThrownBy(() -> fold.run(List.of(), out)).hasMessageContaining("nothing to fold");
        assertThatThrownBy(() -> fold.run(List.of(new Contribution("a", w, 0)), out))
                .hasMessageContaining("nothing to fold");
        assertThatThrownBy(() -> fold.run(List.of(new Contribution("a", w, 1), new Contribution("b", v, 1)), out))
                .hasMessage("contribution b has another layout: tensor 0 is named 'v', expected 'w'");
        assertThatThrownBy(() -> fold.run(List.of(new Contribution("a", w, 1), new Contribution("a", w, 1)), out))
                .hasMessageContaining("two contributions are named 'a'");
    }
}
