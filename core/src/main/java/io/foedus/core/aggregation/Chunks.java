package io.foedus.core.aggregation;

import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.StoredTensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * How a model is cut into pieces of work. The cut depends on the layout alone, never on threads or on how files are
 * stored, so that sums over pieces always come out the same.
 *
 * @param lanes pieces to be done one after the other by one thread: a deflated tensor can only be read forward
 * @param count number of pieces in all lanes
 */
record Chunks(List<List<Chunk>> lanes, int count) {
    /** Elements of a piece. */
    static final int ELEMENTS = 1 << 20;

    /**
     * @param index place among all pieces
     * @param first index of the first element in its tensor
     */
    record Chunk(int index, int tensor, long first, int elements) {}

    static Chunks of(ModelLayout layout, List<ModelFile> files) {
        List<List<Chunk>> lanes = new ArrayList<>();
        int index = 0;
        for (int tensor = 0; tensor < layout.tensors().size(); tensor++) {
            List<Chunk> chunks = new ArrayList<>();
            long elements = layout.tensors().get(tensor).elements();
            for (long first = 0; first < elements; first += ELEMENTS) {
                chunks.add(new Chunk(index++, tensor, first, (int) Math.min(ELEMENTS, elements - first)));
            }
            if (chunks.isEmpty()) {
                continue;
            }
            if (forwardOnly(files, tensor)) {
                lanes.add(chunks);
            } else {
                chunks.forEach(chunk -> lanes.add(List.of(chunk)));
            }
        }
        return new Chunks(lanes, index);
    }

    /**
     * One lane of one small piece after the other, through all tensors in layout order; made as they are asked for,
     * because they are many.
     *
     * @param elements of a piece
     */
    static Iterator<List<Chunk>> inOrder(ModelLayout layout, int elements) {
        return new Iterator<>() {
            private int tensor;
            private long first;

            @Override
            public boolean hasNext() {
                while (tensor < layout.tensors().size() && left(first) <= 0) {
                    tensor++;
                    first = 0;
                }
                return tensor < layout.tensors().size();
            }

            private long left(long from) {
                return layout.tensors().get(tensor).elements() - from;
            }

            @Override
            public List<Chunk> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Chunk chunk = new Chunk(0, tensor, first, (int) Math.min(elements, left(first)));
                first += elements;
                return List.of(chunk);
            }
        };
    }

    private static boolean forwardOnly(List<ModelFile> files, int tensor) {
        return files.stream().map(file -> file.stored().get(tensor)).anyMatch(StoredTensor::deflated);
    }
}
