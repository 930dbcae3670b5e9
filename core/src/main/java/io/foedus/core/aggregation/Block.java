package io.foedus.core.aggregation;

import io.foedus.core.models.TensorSpec;
import java.io.IOException;

/**
 * The same slice of every contribution. Valid during one call of a kernel, on its thread. Each contribution is read at
 * most once per block.
 */
public interface Block {
    TensorSpec tensor();

    /** Index of the block's first element in its tensor. */
    long first();

    /** Number of elements. */
    int length();

    int contributions();

    /** Reads one contribution's slice into the first {@link #length} places. */
    void read(int contribution, double[] into) throws IOException;

    /**
     * Reads one contribution's slice and adds it, times a factor, to the first {@link #length} places: the same as
     * {@link #read} and a loop, without the array between.
     */
    void addScaled(int contribution, double factor, double[] sums) throws IOException;

    /**
     * Adds the slice of the model a contribution started from, times a factor: its origin, or else the base model.
     *
     * @throws IllegalStateException if there is neither
     */
    void addOriginScaled(int contribution, double factor, double[] sums) throws IOException;

    /**
     * Reads the base model's slice.
     *
     * @throws IllegalStateException if the fold has no base model
     */
    void base(double[] into) throws IOException;
}
