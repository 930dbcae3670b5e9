package io.foedus.core.aggregation;

import io.foedus.core.aggregation.Chunks.Chunk;
import java.io.IOException;

/** A desk at which blocks are combined and written. */
abstract class WritingDesk extends Desk {
    WritingDesk(Opener opener, int blockElements) {
        super(opener, blockElements);
    }

    final void write(Chunk chunk) throws IOException {
        walk(chunk, block -> {
            write(chunk.tensor(), block);
            block.passUnread();
        });
    }

    /** Combines and writes a block of one of the model's tensors. */
    abstract void write(int tensor, BlockReaders block) throws IOException;

    /** @throws FoldException naming the culprit, if a value cannot be written in the model's dtype */
    static void requireFinite(BlockReaders block, double[] values) throws IOException {
        double overflow = block.tensor().dtype().overflow();
        for (int i = 0; i < block.length(); i++) {
            if (!(Math.abs(values[i]) < overflow)) {
                throw block.overflow(i);
            }
        }
    }
}
