package io.foedus.core.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.SafetensorsFormat;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every aggregator obeys, whatever it computes. */
class AggregatorLawsTest {
    private static final int CLIENTS = 8;
    private static final NoiseSeed SEED = NoiseSeed.of(new byte[32]);

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
    @ValueSource(
            strings = {
                "mean",
                "median",
                "trimmed-mean:0.2",
                "krum:1",
                "multi-krum:1,3",
                "bulyan:1",
                "geometric-median",
                "clipped-mean:5",
                "clipped-equal-mean:5",
                "fedbuff:0.5",
                "dp-mean:clip=5,noise=0.5",
                "dp-mean:clip=5,noise=0.1,quantile=0.5,rate=0.2"
            })
    void any_order_and_any_number_of_threads_give_the_same_bytes(String spec) throws IOException {
        Aggregator aggregator = Aggregators.parse(spec);
        for (int seed = 0; seed < 5; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ModelLayout layout = Updates.layout(random, DType.F32, DType.F64, DType.F16, DType.I64);
            Optional<ModelFile> base = Optional.of(updates.random("base", layout, random));
            List<Contribution> contributions = contributions(layout, random, false);
            Path out = directory.resolve("out.npz");
            FoldResult first = Fold.with(aggregator).seeded(SEED).run(contributions, base, out);
            assertThat(first.digest()).isEqualTo(Digest.of(out));
            assertThat(first.weight())
                    .isEqualTo(contributions.stream()
                            .mapToDouble(one -> aggregator.weight((long) one.weight()))
                            .sum());
            for (int threads = 1; threads <= 3; threads++) {
                Collections.shuffle(contributions, new Random(threads));
                FoldResult again =
                        Fold.with(aggregator).seeded(SEED).threads(threads).run(contributions, base, out);
                assertThat(again).isEqualTo(first);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "median", "multi-krum:1", "bulyan:1", "clipped-mean:1", "geometric-median"})
    void deflated_and_stored_files_fold_to_the_same_bytes(String spec) throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        ModelLayout layout = new ModelLayout(List.of(
                TensorSpec.of("w", DType.F32, 300, 101),
                TensorSpec.of("n", DType.I64),
                TensorSpec.of("b", DType.F64, 7)));
        ModelFile base = updates.random("base", layout, random);
        List<Contribution> stored = contributions(layout, random, false);
        List<Contribution> deflated = new ArrayList<>();
        for (Contribution contribution : stored) {
            deflated.add(new Contribution(
                    contribution.id(),
                    updates.reopen(Deflated.copyOf(contribution.model().path())),
                    contribution.weight()));
        }
        Fold fold = Fold.with(Aggregators.parse(spec)).threads(2);
        Digest expected =
                fold.run(stored, Optional.of(base), directory.resolve("a.npz")).digest();
        ModelFile deflatedBase = updates.reopen(Deflated.copyOf(base.path()));
        assertThat(deflatedBase.deflated()).isTrue();
        assertThat(fold.run(deflated, Optional.of(deflatedBase), directory.resolve("b.npz"))
                        .digest())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mean", "median", "trimmed-mean:0.2", "geometric-median", "clipped-mean:1e9", "fedbuff:0.5"})
    void one_contribution_is_reproduced(String spec) throws IOException {
        SplittableRandom random = new SplittableRandom(9);
        ModelLayout layout = Updates.layout(random, DType.F32, DType.F16, DType.I32);
        ModelFile base = updates.random("base", layout, random);
        ModelFile only = updates.random("only", layout, random);
        Path out = directory.resolve("out.npz");
        Fold.with(Aggregators.parse(spec)).run(List.of(new Contribution("a", only, 37)), Optional.of(base), out);
        assertThat(Updates.values(updates.reopen(out))).containsExactly(Updates.values(only), within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mean",
                "median",
                "trimmed-mean:0.2",
                "krum:1",
                "multi-krum:2,4",
                "bulyan:1",
                "geometric-median",
                "clipped-mean:1e9",
                "fedbuff:0"
            })
    void equal_contributions_give_what_they_all_are(String spec) throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        ModelLayout layout = Updates.layout(random, DType.F32, DType.I64, DType.BOOL);
        ModelFile base = updates.random("base", layout, random);
        ModelFile same = updates.random("same", layout, random);
        List<Contribution> contributions = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            contributions.add(new Contribution("c" + i, same, i + 1));
        }
        Path out = directory.resolve("out.npz");
        Fold.with(Aggregators.parse(spec)).run(contributions, Optional.of(base), out);
        assertThat(Updates.values(updates.reopen(out))).containsExactly(Updates.values(same), within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mean",
                "median",
                "trimmed-mean:0.2",
                "multi-krum:1,3",
                "geometric-median",
                "clipped-mean:5",
                "fedbuff:0.5"
            })
    void the_unit_of_weights_does_not_matter(String spec) throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        ModelLayout layout = Updates.layout(random, DType.F32);
        Optional<ModelFile> base = Optional.of(updates.random("base", layout, random));
        List<Contribution> contributions = contributions(layout, random, false);
        List<Contribution> doubled = contributions.stream()
                .map(c -> new Contribution(c.id(), c.model(), 2 * c.weight()))
                .toList();
        Fold fold = Fold.with(Aggregators.parse(spec));
        FoldResult once = fold.run(contributions, base, directory.resolve("once.npz"));
        FoldResult twice = fold.run(doubled, base, directory.resolve("twice.npz"));
        assertThat(twice.digest()).isEqualTo(once.digest());
        assertThat(twice.weight()).isEqualTo(2 * once.weight());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mean",
                "clipped-mean:5",
                "clipped-mean:3",
                "clipped-equal-mean:5",
                "fedbuff:0.5",
                "dp-mean:clip=5,noise=0.5"
            })
    void exact_rules_give_the_same_in_a_tree_as_flat(String spec) throws IOException {
        Aggregator aggregator = Aggregators.parse(spec);
        assertThat(aggregator.partials()).isEqualTo(PartialRule.EXACT);
        SplittableRandom random = new SplittableRandom(21);
        ModelLayout layout =
                new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 20, 3), TensorSpec.of("b", DType.F64, 5)));
        Optional<ModelFile> base = Optional.of(updates.random("base", layout, random));
        List<Contribution> contributions = contributions(layout, random, false);
        Path flat = directory.resolve("flat.npz");
        FoldResult whole = Fold.with(aggregator).seeded(SEED).run(contributions, base, flat);
        List<Contribution> partials = new ArrayList<>();
        int[] cuts = {0, 1, 4, CLIENTS};
        for (int part = 0; part < 3; part++) {
            Path path = directory.resolve("partial" + part + ".npz");
            FoldResult partial = Fold.with(Aggregators.parse(aggregator.combinerSpec()))
                    .run(contributions.subList(cuts[part], cuts[part + 1]), base, path);
            partials.add(new Contribution("p" + part, updates.reopen(path), partial.weight()));
        }
        Path tree = directory.resolve("tree.npz");
        FoldResult root = Fold.with(aggregator).seeded(SEED).over(Tier.PARTIALS).run(partials, base, tree);
        assertThat(root.weight()).isEqualTo(whole.weight());
        assertThat(Updates.values(updates.reopen(tree)))
                .containsExactly(Updates.values(updates.reopen(flat)), within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"krum:1", "multi-krum:1", "bulyan:1", "dp-mean:clip=1,noise=1,quantile=0.5"})
    void rules_that_must_see_every_client_refuse_partials(String spec) throws IOException {
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 2)));
        SplittableRandom random = new SplittableRandom(1);
        Optional<ModelFile> base = Optional.of(updates.random("base", layout, random));
        List<Contribution> contributions = contributions(layout, random, false);
        assertThatThrownBy(() -> Fold.with(Aggregators.parse(spec))
                        .over(Tier.PARTIALS)
                        .run(contributions, base, directory.resolve("out.npz")))
                .isInstanceOf(FoldException.class)
                .hasMessageContaining("cannot combine partials");
    }

    @Test
    void too_few_contributions_and_a_missing_base_are_refused_in_words() throws IOException {
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 2)));
        ModelFile file = updates.file("a", layout, new double[] {1, 2});
        Path out = directory.resolve("out.npz");
        List<Contribution> one = List.of(new Contribution("a", file, 1));
        assertThatThrownBy(() -> Fold.with(Aggregators.parse("krum:1")).run(one, out))
                .hasMessage("krum:1 needs at least 5 contributions, there are 1");
        assertThatThrownBy(() -> Fold.with(Aggregators.parse("bulyan:1")).run(one, out))
                .hasMessage("bulyan:1 needs at least 7 contributions, there are 1");
        assertThatThrownBy(() -> Fold.with(Aggregators.parse("clipped-mean:1")).run(one, out))
                .hasMessageContaining("works on differences to the global model and needs it");
        List<Contribution> stale = List.of(new Contribution("a", file, 1, Optional.empty(), 2, Optional.empty()));
        assertThatThrownBy(() -> Fold.with(Aggregators.parse("fedbuff")).run(stale, Optional.of(file), out))
                .isInstanceOf(FoldException.class)
                .hasMessageContaining("2 models old, but the model it started from is not given");
    }

    @Test
    void every_name_is_found_and_every_spec_reads_back_as_itself() {
        assertThat(Aggregators.all())
                .hasSize(11)
                .allSatisfy(provider -> assertThat(provider.usage()).startsWith(provider.name()));
        for (String spec : List.of(
                "mean",
                "median",
                "trimmed-mean:0.25",
                "krum:2",
                "multi-krum:2",
                "multi-krum:2,5",
                "bulyan:0",
                "geometric-median:10,0.001",
                "clipped-mean:0.5",
                "clipped-equal-mean:2",
                "fedbuff:1",
                "dp-mean:clip=1,noise=1.1",
                "dp-mean:clip=1,noise=1.1,quantile=0.5,rate=0.3")) {
            Aggregator parsed = Aggregators.parse(spec);
            assertThat(Aggregators.parse(parsed.spec())).isEqualTo(parsed);
            assertThat(Aggregators.parse(parsed.combinerSpec()).partials()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Mean",
                "mean:1",
                "median:x=1",
                "trimmed-mean:0.5",
                "trimmed-mean:-1",
                "trimmed-mean:NaN",
                "krum:1.5",
                "clipped-mean",
                "clipped-mean:0",
                "dp-mean:1",
                "dp-mean:1,1,seed=mine",
                "dp-mean:1,1,0.5,0.2,mine",
                "fedbuff:a",
                "mean:{oops",
                "multi-krum:1,2,3",
                "geometric-median:iterations=0"
            })
    void a_wrong_spec_is_refused_with_a_sentence(String spec) {
        assertThatThrownBy(() -> Aggregators.parse(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s).{15,}");
    }

    @Test
    void a_tensor_of_several_pieces_folds_like_one_of_few_elements() throws IOException {
        int elements = Chunks.ELEMENTS + 12_345;
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, elements)));
        List<Contribution> contributions = new ArrayList<>();
        double[] expected = new double[elements];
        for (int c = 0; c < 3; c++) {
            double[] values = new double[elements];
            for (int i = 0; i < elements; i++) {
                values[i] = (i % 1000) + c;
                expected[i] += values[i] / 3;
            }
            contributions.add(new Contribution("c" + c, updates.file("c" + c, layout, values), 1));
        }
        for (String spec : List.of("mean", "median", "geometric-median")) {
            Path out = directory.resolve("out-" + spec + ".npz");
            Fold.with(Aggregators.parse(spec)).threads(2).run(contributions, out);
            assertThat(largestDifference(Updates.values(updates.reopen(out)), expected))
                    .as(spec)
                    .isLessThan(1e-3);
        }
    }

    @Test
    void formats_may_be_mixed_and_metadata_of_the_global_model_is_kept() throws IOException {
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 2)));
        Path basePath = directory.resolve("base.safetensors");
        try (var writer = io.foedus.core.models.ModelWriter.create(
                basePath, new SafetensorsFormat(), layout, java.util.Map.of("author", "alliance"))) {
            writer.slices().write(0, 0, new double[] {0, 0}, 0, 2);
            writer.finish();
        }
        ModelFile npz = updates.file("a", layout, new double[] {1, 2});
        ModelFile safetensors = updates.file("b", new SafetensorsFormat(), layout, new double[] {3, 4});
        Path out = directory.resolve("out");
        Fold.with(new Mean())
                .run(
                        List.of(new Contribution("a", npz, 1), new Contribution("b", safetensors, 1)),
                        Optional.of(updates.reopen(basePath)),
                        out);
        ModelFile result = updates.reopen(out);
        assertThat(result.format().id()).isEqualTo("safetensors");
        assertThat(result.metadata()).containsEntry("author", "alliance");
        assertThat(Updates.values(result)).containsExactly(2, 3);
    }

    @Test
    void progress_reaches_the_number_of_elements() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        ModelLayout layout =
                new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 5000), TensorSpec.of("n", DType.I8, 3)));
        List<Contribution> contributions = contributions(layout, random, false);
        java.util.concurrent.atomic.AtomicLong done = new java.util.concurrent.atomic.AtomicLong();
        Fold.with(new Mean())
                .reporting((elements, of) -> {
                    assertThat(of).isEqualTo(5003);
                    done.addAndGet(elements);
                })
                .run(contributions, directory.resolve("out.npz"));
        assertThat(done).hasValue(5003);
    }

    /** AssertJ compares arrays within a tolerance in quadratic time. */
    private static double largestDifference(double[] a, double[] b) {
        assertThat(a).hasSameSizeAs(b);
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    private List<Contribution> contributions(ModelLayout layout, SplittableRandom random, boolean equal)
            throws IOException {
        List<Contribution> contributions = new ArrayList<>();
        for (int c = 0; c < CLIENTS; c++) {
            contributions.add(new Contribution(
                    "client-" + c,
                    updates.random("client-" + c + "-" + random.nextInt(1_000_000), layout, random),
                    equal ? 1 : random.nextInt(1, 500)));
        }
        return contributions;
    }
}
