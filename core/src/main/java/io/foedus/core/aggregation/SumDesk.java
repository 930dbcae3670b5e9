package io.foedus.core.aggregation;

import io.foedus.core.models.ModelWriter;
import java.io.IOException;

/** A desk at which a partial is written that is a sum. */
final class SumDesk extends WritingDesk {
    private final Sum sum;
    private final PartialLayout layout;
    private final ModelWriter.Slices slices;
    private final double[] sums;
    private final double[] quotients;

    SumDesk(Opener opener, int blockElements, Sum sum, FoldInputs inputs, ModelWriter.Slices slices) {
        super(opener, blockElements);
        this.sum = sum;
        this.layout = inputs.partial();
        this.slices = slices;
        this.sums = new double[blockElements];
        this.quotients = new double[blockElements];
    }

    @Override
    void write(int tensor, BlockReaders block) throws IOException {
        int place = layout.places().get(tensor);
        if (block.tensor().dtype().floating()) {
            sum.add(block, sums);
            sum.divide(block, sums, quotients);
            requireFinite(block, quotients); // a culprit is found here, where its name is known
            slices.write(place, block.first(), sums, 0, block.length());
        } else if (layout.hasPlanes(tensor)) {
            IntegerBlock integers = new IntegerBlock(block);
            sum.add(integers, sums);
            slices.write(place, block.first(), sums, 0, block.length());
            integers.writePlanes(slices, place);
        } else {
            block.copyBase(slices, place);
        }
    }
}
