package io.foedus.core.aggregation;

import io.foedus.core.aggregation.Chunks.Chunk;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The place of one working thread: the readers of one tensor at a time, moved over its blocks. */
class Desk implements Closeable {
    private final Opener opener;
    private final int blockElements;
    private @Nullable BlockReaders open;
    private int tensor = -1;

    /** Opens the readers of a tensor. */
    interface Opener {
        BlockReaders open(int tensor) throws IOException;
    }

    /** What is done at each block. */
    interface Visit {
        void at(BlockReaders block) throws IOException;
    }

    /** @param blockElements most elements of a block */
    Desk(Opener opener, int blockElements) {
        this.opener = opener;
        this.blockElements = blockElements;
    }

    /** Visits the blocks of a piece, one after the other. */
    final void walk(Chunk chunk, Visit visit) throws IOException {
        BlockReaders block = readers(chunk.tensor());
        for (int done = 0; done < chunk.elements(); done += blockElements) {
            block.moveTo(chunk.first() + done, Math.min(blockElements, chunk.elements() - done));
            visit.at(block);
        }
    }

    private BlockReaders readers(int wanted) throws IOException {
        BlockReaders readers = open;
        if (readers == null || wanted != tensor) {
            close();
            readers = opener.open(wanted);
            open = readers;
            tensor = wanted;
        }
        return readers;
    }

    @Override
    public final void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
