package io.foedus.core.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.models.DType;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Combiners between clients and root change nothing: what they send is a sum, and the root rounds once. */
class PartialLawsTest {
    private static final int CLIENTS = 9;
    private static final int ELEMENTS = 20_000;

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

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"F64", "F32"})
    void a_tree_is_the_flat_mean_bit_for_bit(DType dtype) throws IOException {
        for (int seed = 0; seed < 3; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Contribution> all = contributions(dtype, random, 5000);
            Path flat = flat(new Mean(), all, Optional.empty());
            for (int combiners = 1; combiners <= 4; combiners++) {
                assertThat(tree(
                                new Mean(),
                                all,
                                combiners,
                                updates.reopen(all.get(0).model().path())))
                        .as("%s over %d combiners", dtype, combiners)
                        .hasSameBinaryContentAs(flat);
            }
        }
    }

    @Test
    void a_tree_of_float32_is_the_flat_mean_to_the_unit_in_the_last_place() throws IOException {
        List<Contribution> all = contributions(DType.F32, new SplittableRandom(4), 5000);
        double[] flat = Updates.values(updates.reopen(flat(new Mean(), all, Optional.empty())));
        for (int combiners = 1; combiners <= 4; combiners++) {
            double[] tree = Updates.values(
                    updates.reopen(tree(new Mean(), all, combiners, all.get(0).model())));
            int different = 0;
            for (int i = 0; i < ELEMENTS; i++) {
                different += tree[i] == flat[i] ? 0 : 1;
                assertThat(tree[i])
                        .isBetween((double) Math.nextDown((float) flat[i]), (double) Math.nextUp((float) flat[i]));
            }
            assertThat(different)
                    .isLessThanOrEqualTo(1); // where the mean lies within 2^-53 of the middle of two floats
        }
    }

    @Test
    void a_tree_of_float64_is_the_flat_mean_within_the_rounding_of_its_additions() throws IOException {
        List<Contribution> all = contributions(DType.F64, new SplittableRandom(4), 5000);
        double[] flat = Updates.values(updates.reopen(flat(new Mean(), all, Optional.empty())));
        double[] scale = new double[ELEMENTS];
        double total = 0;
        for (Contribution one : all) {
            double[] values = Updates.values(one.model());
            for (int i = 0; i < ELEMENTS; i++) {
                scale[i] += one.weight() * Math.abs(values[i]);
            }
            total += one.weight();
        }
        for (int combiners = 1; combiners <= 4; combiners++) {
            double[] tree = Updates.values(
                    updates.reopen(tree(new Mean(), all, combiners, all.get(0).model())));
            for (int i = 0; i < ELEMENTS; i++) {
                assertThat(Math.abs(tree[i] - flat[i])).isLessThanOrEqualTo(0x1p-52 * CLIENTS * scale[i] / total);
            }
            if (combiners == 1) {
                assertThat(tree).isEqualTo(flat);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "clipped-mean:1e9", "fedbuff:0.5"})
    void integers_that_all_agree_on_are_kept_beyond_what_a_double_can_hold(String spec) throws IOException {
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("n", DType.I64, 3)));
        long odd = (1L << 62) + 1;
        List<Contribution> all = new ArrayList<>();
        for (int c = 0; c < 4; c++) {
            all.add(new Contribution("c" + c, longs("c" + c, layout, odd, odd, c == 3 ? 5 : 4), c + 1));
        }
        ModelFile base = longs("base", layout, 0, 0, 0);
        Aggregator rule = Aggregators.parse(spec);
        assertThat(tree(rule, all, 3, base)).hasSameBinaryContentAs(flat(rule, all, Optional.of(base)));
        // the sums of two combiners: 10·n, of which one agrees within itself and differs from the other
        assertThat(Files.readAllBytes(tree(rule, all, 2, base)))
                .isEqualTo(Files.readAllBytes(flat(rule, all, Optional.of(base))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"clipped-mean:5", "clipped-equal-mean:5", "fedbuff:0.5", "dp-mean:clip=5,noise=0"})
    void rules_on_differences_are_the_same_in_a_tree_but_for_the_rounding_of_doubles(String spec) throws IOException {
        Aggregator rule = Aggregators.parse(spec);
        List<Contribution> all = contributions(DType.F64, new SplittableRandom(8), 500);
        ModelFile base = updates.random("base", all.get(0).model().layout(), new SplittableRandom(9));
        double[] flat = Updates.values(updates.reopen(flat(rule, all, Optional.of(base))));
        for (int combiners = 1; combiners <= 4; combiners++) {
            double[] tree = Updates.values(updates.reopen(tree(rule, all, combiners, base)));
            double worst = 0;
            for (int i = 0; i < ELEMENTS; i++) {
                worst = Math.max(worst, Math.abs(tree[i] - flat[i]));
            }
            assertThat(worst).isLessThan(1e-14);
        }
    }

    @Test
    void a_partial_of_one_update_is_that_update_and_mixes_with_sums() throws IOException {
        List<Contribution> all = contributions(DType.F16, new SplittableRandom(2), 5000);
        Path only = directory.resolve("only.npz");
        FoldResult result = Fold.with(new Mean()).toPartial().run(all.subList(0, 1), only);
        assertThat(only).hasSameBinaryContentAs(all.get(0).model().path());
        assertThat(result.weight()).isEqualTo(all.get(0).weight());
        // cut at 0, 1 and 9: one partial of a single update, one of eight
        assertThat(tree(new Mean(), all, new int[] {0, 1, CLIENTS}, all.get(0).model()))
                .hasSameBinaryContentAs(flat(new Mean(), all, Optional.empty()));
    }

    @Test
    void partials_of_before_which_are_means_in_the_models_dtype_are_still_folded() throws IOException {
        List<Contribution> all = contributions(DType.F32, new SplittableRandom(2), 5000);
        List<Contribution> partials = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            Path path = directory.resolve("old-" + part + ".npz");
            FoldResult old = Fold.with(new Mean()).run(all.subList(3 * part, 3 * part + 3), path);
            partials.add(new Contribution("p" + part, updates.reopen(path), old.weight()));
        }
        Path out = directory.resolve("out.npz");
        Fold.with(new Mean())
                .over(Tier.PARTIALS)
                .run(partials, Optional.of(all.get(0).model()), out);
        double[] flat = Updates.values(updates.reopen(flat(new Mean(), all, Optional.empty())));
        double[] tree = Updates.values(updates.reopen(out));
        for (int i = 0; i < ELEMENTS; i++) {
            assertThat(Math.abs(tree[i] - flat[i])).isLessThan(1e-6);
        }
    }

    @Test
    void a_sum_is_taken_for_a_partial_only_where_the_rule_is_one() throws IOException {
        List<Contribution> all = contributions(DType.F32, new SplittableRandom(2), 10);
        Path path = directory.resolve("partial.npz");
        Fold.with(new Mean()).toPartial().run(all, path);
        ModelFile partial = updates.reopen(path);
        assertThat(partial.layout().tensors()).containsExactly(TensorSpec.of("sum.t", DType.F64, ELEMENTS));
        List<Contribution> partials = List.of(new Contribution("p", partial, 10));
        Optional<ModelFile> base = Optional.of(all.get(0).model());
        Path out = directory.resolve("none.npz");
        assertThatThrownBy(() -> Fold.with(new Median()).over(Tier.PARTIALS).run(partials, base, out))
                .hasMessageContaining("contribution p has another layout");
        assertThatThrownBy(() -> Fold.with(new Mean()).run(partials, base, out))
                .hasMessageContaining("contribution p has another layout");
    }

    private Path flat(Aggregator rule, List<Contribution> all, Optional<ModelFile> base) throws IOException {
        Path path = directory.resolve("flat.npz");
        Fold.with(rule).run(all, base, path);
        return path;
    }

    private Path tree(Aggregator rule, List<Contribution> all, int combiners, ModelFile base) throws IOException {
        int[] cuts = new int[combiners + 1];
        for (int i = 1; i <= combiners; i++) {
            cuts[i] = all.size() * i / combiners;
        }
        return tree(rule, all, cuts, base);
    }

    /** Combiners with the clients between cuts, and their root. */
    private Path tree(Aggregator rule, List<Contribution> all, int[] cuts, ModelFile base) throws IOException {
        List<Contribution> partials = new ArrayList<>();
        for (int part = 0; part + 1 < cuts.length; part++) {
            Path path = directory.resolve("partial-" + part + ".npz");
            FoldResult result = Fold.with(Aggregators.parse(rule.combinerSpec()))
                    .threads(2)
                    .toPartial()
                    .run(all.subList(cuts[part], cuts[part + 1]), Optional.of(base), path);
            partials.add(new Contribution("p" + part, updates.reopen(path), result.weight(), result.digest()));
        }
        Path path = directory.resolve("tree.npz");
        Fold.with(rule).threads(2).over(Tier.PARTIALS).run(partials, Optional.of(base), path);
        return path;
    }

    private List<Contribution> contributions(DType dtype, SplittableRandom random, int mostExamples)
            throws IOException {
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("t", dtype, ELEMENTS)));
        List<Contribution> contributions = new ArrayList<>();
        for (int c = 0; c < CLIENTS; c++) {
            contributions.add(new Contribution(
                    "client-" + c,
                    updates.random("client-" + c + "-" + random.nextInt(1_000_000), layout, random),
                    random.nextInt(1, mostExamples)));
        }
        return contributions;
    }

    private ModelFile longs(String name, ModelLayout layout, long... values) throws IOException {
        Path path = directory.resolve(name + ".npz");
        try (var writer = io.foedus.core.models.ModelWriter.create(
                path, io.foedus.core.models.ModelFormats.byId("npz"), layout)) {
            java.nio.ByteBuffer bytes =
                    java.nio.ByteBuffer.allocate(values.length * 8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            for (long value : values) {
                bytes.putLong(value);
            }
            writer.slices().writeBytes(0, 0, bytes.flip());
            writer.finish();
        }
        return updates.reopen(path);
    }
}
