package io.foedus.core.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.Golden;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.SafetensorsFormat;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every byte of every input is digested, whatever the rule reads of it. A lost turn would wait for ever. */
@Timeout(120)
class InputDigestsTest {
    private static final int CLIENTS = 8;

    private static final ModelLayout LAYOUT = new ModelLayout(List.of(
            TensorSpec.of("w", DType.F32, 300, 101),
            TensorSpec.of("none", DType.F32, 0),
            TensorSpec.of("steps", DType.I64, 9000),
            TensorSpec.of("half", DType.F16, 777),
            TensorSpec.of("b", DType.F64, 20_001),
            TensorSpec.of("flag", DType.BOOL)));

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
                "krum:1",
                "multi-krum:1,3",
                "bulyan:1",
                "geometric-median",
                "clipped-mean:5",
                "fedbuff:0.5",
                "dp-mean:clip=5,noise=0"
            })
    void true_digests_change_nothing_and_one_false_one_fails_the_fold(String spec) throws IOException {
        Aggregator rule = Aggregators.parse(spec);
        SplittableRandom random = new SplittableRandom(6);
        Optional<ModelFile> base = Optional.of(updates.random("base", LAYOUT, random));
        List<Contribution> trusted = contributions(random);
        List<Contribution> digested = digested(trusted);
        Path out = directory.resolve("out.npz");
        Digest expected = Fold.with(rule).run(trusted, base, out).digest();
        for (int threads = 1; threads <= 4; threads++) {
            Fold fold = Fold.with(rule).threads(threads);
            assertThat(fold.run(digested, base, out).digest()).isEqualTo(expected);
            List<Contribution> oneFalse = new ArrayList<>(digested);
            Contribution last = digested.get(threads);
            oneFalse.set(threads, new Contribution(last.id(), last.model(), last.weight(), Digest.of(new byte[1])));
            assertThatThrownBy(() -> fold.run(oneFalse, base, directory.resolve("none.npz")))
                    .isInstanceOf(FoldException.class)
                    .hasMessageContaining(last.id() + " is not the file it should be");
        }
        assertThat(directory).isDirectoryNotContaining("glob:**none*");
    }

    @ParameterizedTest
    @CsvSource({"npz,1", "safetensors,2", "deflated,3"})
    void files_that_lie_otherwise_are_digested_too(String kind, int place) throws IOException {
        List<Contribution> contributions = contributions(new SplittableRandom(7));
        Contribution changed = contributions.get(place);
        ModelFile other = switch (kind) {
            case "npz" -> changed.model();
            case "deflated" -> updates.reopen(Deflated.copyOf(changed.model().path()));
            default -> safetensors(changed.model());
        };
        contributions.set(place, new Contribution(changed.id(), other, changed.weight()));
        Path out = directory.resolve("out.npz");
        Digest expected = Fold.with(new Mean()).run(contributions, out).digest();
        assertThat(Fold.with(new Mean())
                        .threads(3)
                        .run(digested(contributions), out)
                        .digest())
                .isEqualTo(expected);
    }

    @Test
    void fortran_order_and_big_endian_files_are_digested_as_they_lie() throws IOException {
        List<Contribution> contributions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ModelFile model = updates.reopen(Golden.file("orders.npz"));
            contributions.add(new Contribution("c" + i, model, 1, model.digest()));
        }
        Path out = directory.resolve("out.npz");
        Fold.with(Aggregators.parse("median")).threads(2).run(contributions, out);
        assertThat(Updates.values(updates.reopen(out)))
                .isEqualTo(Updates.values(contributions.get(0).model()));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 8192, 30_000})
    void a_thread_that_fails_leaves_nobody_waiting(long elements) throws IOException {
        List<Contribution> contributions = digested(contributions(new SplittableRandom(8)));
        AtomicLong done = new AtomicLong();
        Fold fold = Fold.with(new Mean()).threads(4).reporting((more, of) -> {
            if (done.addAndGet(more) > elements) {
                throw new IllegalStateException("enough");
            }
        });
        assertThatThrownBy(() -> fold.run(contributions, directory.resolve("out.npz")))
                .hasMessage("enough");
        assertThat(directory).isDirectoryNotContaining("glob:**out*");
    }

    @Test
    void an_interrupted_fold_ends_and_leaves_nothing() throws Exception {
        List<Contribution> contributions = digested(contributions(new SplittableRandom(9)));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Fold.with(new Mean()).threads(3).run(contributions, directory.resolve("out.npz")))
                .isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(directory).isDirectoryNotContaining("glob:**out*");
    }

    private List<Contribution> contributions(SplittableRandom random) throws IOException {
        List<Contribution> contributions = new ArrayList<>();
        for (int c = 0; c < CLIENTS; c++) {
            contributions.add(
                    new Contribution("client-" + c, updates.random("c" + c, LAYOUT, random), random.nextInt(1, 9)));
        }
        return contributions;
    }

    private static List<Contribution> digested(List<Contribution> contributions) throws IOException {
        List<Contribution> digested = new ArrayList<>();
        for (Contribution c : contributions) {
            digested.add(new Contribution(
                    c.id(), c.model(), c.weight(), Digest.of(c.model().path())));
        }
        return digested;
    }

    private ModelFile safetensors(ModelFile model) throws IOException {
        Path path = directory.resolve("same.safetensors");
        try (var writer = io.foedus.core.models.ModelWriter.create(path, new SafetensorsFormat(), LAYOUT)) {
            new io.foedus.core.models.Transcript(writer).copyAll(model);
            writer.finish();
        }
        return updates.reopen(path);
    }
}
