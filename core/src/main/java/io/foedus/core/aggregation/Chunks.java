package io.foedus.core.aggregation;

import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.StoredTensor;
import java.util.ArrayList;
import java.util.List;

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
            if (forwardOnly(files, tensor)) {
                lanes.add(chunks);
            } else {
                chunks.forEach(chunk -> lanes.add(List.of(chunk)));
            }
        }
        return new Chunks(lanes, index);
    }

    private static boolean forwardOnly(List<ModelFile> files, int tensor) {
        return files.stream().map(file -> file.stored().get(tensor)).anyMatch(StoredTensor::deflated);
    }
}
