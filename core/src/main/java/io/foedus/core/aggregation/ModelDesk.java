package io.foedus.core.aggregation;

import io.foedus.core.models.ModelWriter;
import java.io.IOException;

/** A desk at which a model is written. */
final class ModelDesk extends WritingDesk {
    private final Kernel kernel;
    private final IntegerRule integers;
    private final ModelWriter.Slices slices;
    private final double[] result;

    ModelDesk(Opener opener, int blockElements, Kernel kernel, IntegerRule integers, ModelWriter.Slices slices) {
        super(opener, blockElements);
        this.kernel = kernel;
        this.integers = integers;
        this.slices = slices;
        this.result = new double[blockElements];
    }

    @Override
    void write(int tensor, BlockReaders block) throws IOException {
        if (block.tensor().dtype().floating()) {
            kernel.combine(block, result);
            requireFinite(block, result);
            slices.write(tensor, block.first(), result, 0, block.length());
        } else if (integers == IntegerRule.KEEP_BASE) {
            block.copyBase(slices, tensor);
        } else {
            new IntegerBlock(block).write(kernel, result, slices, tensor);
        }
    }
}
