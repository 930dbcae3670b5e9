package io.foedus.core.models;

import java.io.IOException;

/**
 * Copies tensors from one file to another, in another dtype where the target has one, block by block. Confined to one
 * thread.
 */
public final class Transcript {
    private static final int BLOCK = 8192;

    private final SliceBuffer buffer = new SliceBuffer();
    private final double[] values = new double[BLOCK];
    private final ModelWriter.Slices slices;
    private final ModelLayout target;

    public Transcript(ModelWriter writer) {
        slices = writer.slices();
        target = writer.layout();
    }

    /**
     * Copies one tensor; equal dtypes are copied bit for bit, others by value with the writer's rounding.
     *
     * @param index of the tensor in the source
     * @param place of the tensor in the target, with as many elements
     */
    public void copy(ModelFile source, int index, int place) throws IOException {
        long elements = source.layout().tensors().get(index).elements();
        boolean same = source.layout().tensors().get(index).dtype()
                == target.tensors().get(place).dtype();
        try (TensorReader reader = source.reader(index, buffer)) {
            int most = same ? reader.bytesAtATime() : BLOCK;
            for (long first = 0; first < elements; first += most) {
                int count = (int) Math.min(most, elements - first);
                if (same) {
                    slices.writeBytes(place, first, reader.bytes(first, count));
                } else {
                    reader.read(first, values, 0, count);
                    slices.write(place, first, values, 0, count);
                }
            }
        }
    }

    /** Copies all tensors, place by place. */
    public void copyAll(ModelFile source) throws IOException {
        for (int i = 0; i < target.tensors().size(); i++) {
            copy(source, i, i);
        }
    }
}
