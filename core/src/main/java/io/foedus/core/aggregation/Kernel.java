package io.foedus.core.aggregation;

import java.io.IOException;

/** The arithmetic of one block. Confined to one thread, so it may keep working arrays between calls. */
@FunctionalInterface
public interface Kernel {
    /**
     * Combines a block.
     *
     * @param result receives the block's elements in its first {@link Block#length} places
     */
    void combine(Block block, double[] result) throws IOException;
}
