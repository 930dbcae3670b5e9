package io.foedus.core.aggregation;

import io.foedus.core.aggregation.Chunks.Chunk;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.SliceBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One execution of a {@link Fold}: passes first, then the walk that writes. */
final class FoldRun implements Passes {
    private final Fold fold;
    private final List<Contribution> contributions;
    private final Optional<ModelFile> base;
    private final Chunks chunks;
    private final int blockElements;
    private final long elements;

    FoldRun(Fold fold, List<Contribution> contributions, Optional<ModelFile> base) {
        this.fold = fold;
        this.contributions = contributions;
        this.base = base;
        this.chunks = Chunks.of(contributions.get(0).model().layout(), Fold.files(contributions, base));
        this.blockElements = Fold.blockElements(contributions.size());
        this.elements = contributions.get(0).model().layout().elements();
    }

    @Override
    public List<Contribution> contributions() {
        return contributions;
    }

    @Override
    public Tier tier() {
        return fold.tier();
    }

    @Override
    public Digest baseDigest() throws IOException {
        return base.orElseThrow(() -> new IllegalStateException("the fold has no base model"))
                .digest();
    }

    @Override
    public double[] sum(int width, Supplier<Summand> summands) throws IOException {
        double[][] pieces = new double[chunks.count()][];
        record Workspace(SliceBuffer buffer, Summand summand) {}
        List<Workers.Task<Workspace>> tasks = new ArrayList<>();
        for (List<Chunk> lane : chunks.lanes()) {
            if (!lane.isEmpty() && floating(lane)) {
                tasks.add(workspace -> walk(lane, workspace.buffer, (chunk, block) -> {
                    double[] sums = new double[width];
                    pieces[chunk.index()] = sums;
                    Fold.forEachBlock(chunk, blockElements, (first, count) -> {
                        block.moveTo(first, count);
                        workspace.summand.add(block, sums);
                    });
                }));
            }
        }
        new Workers(fold.threads()).run(tasks, () -> new Workspace(new SliceBuffer(), summands.get()));
        double[] total = new double[width];
        for (double[] piece : pieces) {
            for (int i = 0; piece != null && i < width; i++) {
                total[i] += piece[i];
            }
        }
        return total;
    }

    /**
     * Writes the output and verifies the input digests, which are computed while the rest works.
     *
     * @return the digest of the output
     */
    Digest write(Prepared prepared, ModelWriter writer) throws IOException {
        List<List<Chunk>> lanes =
                chunks.lanes().stream().filter(lane -> !lane.isEmpty()).toList();
        CountDownLatch open = new CountDownLatch(lanes.size());
        AtomicReference<@Nullable Digest> digest = new AtomicReference<>();
        List<Workers.Task<Desk>> tasks = new ArrayList<>();
        for (List<Chunk> lane : lanes) {
            tasks.add(desk -> {
                try {
                    desk.write(lane);
                } finally {
                    open.countDown();
                }
            });
        }
        tasks.add(desk -> {
            await(open);
            writer.seal();
            digest.set(writer.digest());
        });
        for (Contribution contribution : contributions) {
            contribution.digest().ifPresent(expected -> tasks.add(desk -> verify(contribution, expected)));
        }
        new Workers(fold.threads()).run(tasks, () -> new Desk(prepared.kernels().get(), writer.slices()));
        return Objects.requireNonNull(digest.get(), "no task failed, so the output was sealed");
    }

    private static void verify(Contribution contribution, Digest expected) throws IOException {
        Digest found = contribution.model().digest();
        if (!found.equals(expected)) {
            throw new FoldException(
                    "contribution " + contribution.id() + " is not the file it should be: its SHA-256 is "
                            + found.brief() + "…, expected " + expected.brief() + "…");
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("the fold was interrupted");
        }
    }

    private boolean floating(List<Chunk> lane) {
        return contributions
                .get(0)
                .model()
                .layout()
                .tensors()
                .get(lane.get(0).tensor())
                .dtype()
                .floating();
    }

    private interface ChunkWalk {
        void at(Chunk chunk, BlockReaders block) throws IOException;
    }

    private void walk(List<Chunk> lane, SliceBuffer buffer, ChunkWalk walk) throws IOException {
        try (BlockReaders block =
                new BlockReaders(contributions, base, lane.get(0).tensor(), buffer)) {
            for (Chunk chunk : lane) {
                walk.at(chunk, block);
                fold.progress().advanced(chunk.elements(), elements);
            }
        }
    }

    /** What one thread needs to write blocks. */
    private final class Desk {
        private final Kernel kernel;
        private final ModelWriter.Slices slices;
        private final SliceBuffer buffer = new SliceBuffer();
        private final double[] result = new double[blockElements];

        Desk(Kernel kernel, ModelWriter.Slices slices) {
            this.kernel = kernel;
            this.slices = slices;
        }

        void write(List<Chunk> lane) throws IOException {
            boolean floating = floating(lane);
            walk(
                    lane,
                    buffer,
                    (chunk, block) -> Fold.forEachBlock(chunk, blockElements, (first, count) -> {
                        block.moveTo(first, count);
                        if (floating) {
                            kernel.combine(block, result);
                            slices.write(chunk.tensor(), first, result, 0, count);
                        } else {
                            writeIntegers(chunk, block);
                        }
                    }));
        }

        private void writeIntegers(Chunk chunk, BlockReaders block) throws IOException {
            if (fold.aggregator().integers() == IntegerRule.KEEP_BASE) {
                block.copyBase(slices, chunk.tensor());
            } else {
                new IntegerBlock(block).write(kernel, result, slices, chunk.tensor());
            }
        }
    }
}
