package io.foedus.core.aggregation;

import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.NpzFormat;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds that a rule's arithmetic takes for one element of the result, its passes and its kernel apart, on a block
 * in memory: what a fold would cost if reading, digests and writing were free.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelBenchmark {
    private static final int ELEMENTS = 8192;

    @Param({
        "mean",
        "median",
        "trimmed-mean:0.2",
        "multi-krum:2",
        "bulyan:1",
        "geometric-median",
        "clipped-mean:1",
        "fedbuff",
        "dp-mean:1,1"
    })
    String rule = "";

    @Param({"10", "50"})
    int contributions;

    private Path directory = Path.of("");
    private ModelFile model;
    private MemoryBlock block;
    private Aggregator aggregator;
    private Passes passes;
    private Kernel kernel;
    private final double[] result = new double[ELEMENTS];

    @Setup(Level.Trial)
    public void prepare() throws IOException {
        directory = Files.createTempDirectory("foedus-jmh-");
        Path file = directory.resolve("one.npz");
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 1)));
        try (ModelWriter writer = ModelWriter.create(file, new NpzFormat(), layout)) {
            writer.slices().write(0, 0, new double[1], 0, 1);
            writer.finish();
        }
        model = ModelFile.open(file);
        block = new MemoryBlock(contributions, ELEMENTS);
        List<Contribution> named = new ArrayList<>();
        for (int i = 0; i < contributions; i++) {
            named.add(new Contribution("c" + i, model, 10 + i));
        }
        passes = new MemoryPasses(named, block);
        aggregator = Aggregators.parse(rule);
        kernel = aggregator.prepare(passes).kernels().get();
    }

    @TearDown(Level.Trial)
    public void clear() throws IOException {
        model.close();
        Files.delete(directory.resolve("one.npz"));
        Files.delete(directory);
    }

    /** The pass over all blocks that a rule needs before it combines: norms, distances; next to nothing for most. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public Prepared pass() throws IOException {
        return aggregator.prepare(passes);
    }

    /** The walk that combines. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public double[] combine() throws IOException {
        kernel.combine(block, result);
        return result;
    }

    /** A block whose numbers lie in memory, as float32 like those of most models. */
    private static final class MemoryBlock implements Block {
        private final TensorSpec tensor;
        private final float[][] rows;
        private final double[] base;

        MemoryBlock(int contributions, int elements) {
            tensor = TensorSpec.of("w", DType.F32, elements);
            rows = new float[contributions][elements];
            base = new double[elements];
            SplittableRandom random = new SplittableRandom(1);
            for (float[] row : rows) {
                for (int i = 0; i < elements; i++) {
                    row[i] = (float) (random.nextDouble() - 0.5);
                }
            }
        }

        @Override
        public TensorSpec tensor() {
            return tensor;
        }

        @Override
        public long first() {
            return 0;
        }

        @Override
        public int length() {
            return base.length;
        }

        @Override
        public int contributions() {
            return rows.length;
        }

        @Override
        public void read(int contribution, double[] into) {
            float[] row = rows[contribution];
            for (int i = 0; i < row.length; i++) {
                into[i] = row[i];
            }
        }

        @Override
        public void addScaled(int contribution, double factor, double[] sums) {
            float[] row = rows[contribution];
            for (int i = 0; i < row.length; i++) {
                sums[i] += factor * row[i];
            }
        }

        @Override
        public void addOriginScaled(int contribution, double factor, double[] sums) {
            for (int i = 0; i < base.length; i++) {
                sums[i] += factor * base[i];
            }
        }

        @Override
        public void base(double[] into) {
            System.arraycopy(base, 0, into, 0, base.length);
        }
    }

    private record MemoryPasses(List<Contribution> contributions, Block block) implements Passes {
        @Override
        public boolean isSum(int contribution) {
            return false;
        }

        @Override
        public Tier tier() {
            return Tier.CLIENTS;
        }

        @Override
        public Digest baseDigest() {
            return Digest.of(new byte[0]);
        }

        @Override
        public NoiseSeed noiseSeed() {
            return NoiseSeed.of(new byte[32]);
        }

        @Override
        public double[] sum(int width, Supplier<Summand> summands) throws IOException {
            double[] sums = new double[width];
            summands.get().add(block, sums);
            return sums;
        }
    }
}
