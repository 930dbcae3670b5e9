package io.foedus.core.aggregation;

import io.foedus.core.aggregation.Chunks.Chunk;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.PassingDigest;
import io.foedus.core.models.SliceBuffer;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One execution of a {@link Fold}: passes first, then the walk that writes. */
final class FoldRun implements Passes {
    private final Fold fold;
    private final FoldInputs inputs;
    private final List<Contribution> contributions;
    private final List<ModelFile> files;
    private final ModelLayout layout;
    private final int blockElements;

    FoldRun(Fold fold, FoldInputs inputs) {
        this.fold = fold;
        this.inputs = inputs;
        this.contributions = inputs.contributions();
        this.files = inputs.models();
        this.layout = inputs.layout();
        this.blockElements = Fold.blockElements(contributions.size());
    }

    @Override
    public List<Contribution> contributions() {
        return contributions;
    }

    @Override
    public boolean isSum(int contribution) {
        return inputs.sums()[contribution];
    }

    @Override
    public Tier tier() {
        return fold.tier();
    }

    @Override
    public Digest baseDigest() throws IOException {
        return inputs.base()
                .orElseThrow(() -> new IllegalStateException("the fold has no base model"))
                .digest();
    }

    @Override
    public NoiseSeed noiseSeed() {
        return fold.noiseSeed().orElseGet(NoiseSeed::fresh);
    }

    @Override
    public double[] sum(int width, Supplier<Summand> summands) throws IOException {
        Chunks chunks = Chunks.of(layout, files);
        double[][] pieces = new double[chunks.count()][];
        Iterator<List<Chunk>> lanes =
                chunks.lanes().stream().filter(this::floating).iterator();
        Workers.Tasks<SummingDesk> tasks = () -> {
            List<Chunk> lane = lanes.hasNext() ? lanes.next() : List.of();
            return lane.isEmpty()
                    ? null
                    : desk -> {
                        for (Chunk chunk : lane) {
                            pieces[chunk.index()] = desk.sum(chunk, width);
                            fold.progress().advanced(chunk.elements(), layout.elements());
                        }
                    };
        };
        Workers.forModel(layout, fold.threads())
                .run(tasks, () -> new SummingDesk(opener(c -> null), blockElements, summands.get()));
        double[] total = new double[width];
        for (double[] piece : pieces) {
            for (int i = 0; piece != null && i < width; i++) {
                total[i] += piece[i];
            }
        }
        return total;
    }

    private boolean floating(List<Chunk> lane) {
        return layout.tensors().get(lane.get(0).tensor()).dtype().floating();
    }

    /**
     * Writes the output and verifies the input digests.
     *
     * @param sum what is written undivided, for a partial; empty for a model
     * @return the digest of the output
     */
    Digest write(Prepared prepared, Optional<Sum> sum, ModelWriter writer) throws IOException {
        boolean inOrder = files.stream().noneMatch(ModelFile::deflated);
        InputDigests digests = new InputDigests(inputs, inOrder);
        Iterator<List<Chunk>> lanes = inOrder
                ? Chunks.inOrder(layout, blockElements)
                : Chunks.of(layout, files).lanes().iterator();
        Iterator<Contribution> unread = digests.beside().iterator();
        Workers.Tasks<WritingDesk> tasks = () -> {
            if (lanes.hasNext()) {
                List<Chunk> lane = lanes.next();
                return desk -> write(lane, desk, digests);
            }
            if (unread.hasNext()) {
                Contribution contribution = unread.next();
                return desk -> InputDigests.verify(contribution);
            }
            return null;
        };
        Workers.forModel(layout, fold.threads())
                .run(
                        tasks,
                        () -> sum.isPresent()
                                ? new SumDesk(opener(digests::of), blockElements, sum.get(), inputs, writer.slices())
                                : new ModelDesk(
                                        opener(digests::of),
                                        blockElements,
                                        prepared.kernels().get(),
                                        fold.aggregator().integers(),
                                        writer.slices()));
        digests.verifyPassed();
        return writer.seal();
    }

    private void write(List<Chunk> lane, WritingDesk desk, InputDigests digests) throws IOException {
        boolean done = false;
        try {
            for (Chunk chunk : lane) {
                desk.write(chunk);
                fold.progress().advanced(chunk.elements(), layout.elements());
            }
            done = true;
        } finally {
            if (!done) {
                digests.abandon();
            }
        }
    }

    private Desk.Opener opener(IntFunction<@Nullable PassingDigest> digests) {
        SliceBuffer buffer = new SliceBuffer();
        return tensor -> new BlockReaders(inputs, tensor, buffer, digests);
    }

    /** A desk at which a summand looks at blocks. */
    private static final class SummingDesk extends Desk {
        private final Summand summand;

        SummingDesk(Opener opener, int blockElements, Summand summand) {
            super(opener, blockElements);
            this.summand = summand;
        }

        double[] sum(Chunk chunk, int width) throws IOException {
            double[] sums = new double[width];
            walk(chunk, block -> summand.add(block, sums));
            return sums;
        }
    }
}
