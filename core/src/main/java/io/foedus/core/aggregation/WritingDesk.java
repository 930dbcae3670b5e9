package io.foedus.core.aggregation;

import io.foedus.core.aggregation.Chunks.Chunk;
import io.foedus.core.models.ModelWriter;
import java.io.IOException;

/** A desk at which blocks are combined and written. */
final class WritingDesk extends Desk {
    private final Kernel kernel;
    private final IntegerRule integers;
    private final ModelWriter.Slices slices;
    private final double[] result;

    WritingDesk(Opener opener, int blockElements, Kernel kernel, IntegerRule integers, ModelWriter.Slices slices) {
        super(opener, blockElements);
        this.kernel = kernel;
        this.integers = integers;
        this.slices = slices;
        this.result = new double[blockElements];
    }

    void write(Chunk chunk) throws IOException {
        walk(chunk, block -> {
            write(chunk.tensor(), block);
            block.passUnread();
        });
    }

    private void requireFinite(BlockReaders block) throws IOException {
        double overflow = block.tensor().dtype().overflow();
        for (int i = 0; i < block.length(); i++) {
            if (!(Math.abs(result[i]) < overflow)) {
                throw block.overflow(i);
            }
        }
    }

    private void write(int tensor, BlockReaders block) throws IOException {
        if (block.tensor().dtype().floating()) {
            kernel.combine(block, result);
            requireFinite(block);
            slices.write(tensor, block.first(), result, 0, block.length());
        } else if (integers == IntegerRule.KEEP_BASE) {
            block.copyBase(slices, tensor);
        } else {
            new IntegerBlock(block).write(kernel, result, slices, tensor);
        }
    }
}
