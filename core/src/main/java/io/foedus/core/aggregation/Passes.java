package io.foedus.core.aggregation;

import io.foedus.core.models.Digest;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** What an aggregator may do before blocks are combined: look at weights, and run sums over all floating elements. */
public interface Passes {
    /** The contributions in fold order. */
    List<Contribution> contributions();

    /**
     * Whether a contribution is a partial that is a sum: its values are undivided and, of a rule on differences,
     * differences already, so they count as they stand.
     *
     * @param contribution its place in fold order
     */
    boolean isSum(int contribution);

    /** Whose results the contributions are. */
    Tier tier();

    /**
     * SHA-256 of the base model's file, computed now.
     *
     * @throws IllegalStateException if the fold has no base model
     */
    Digest baseDigest() throws IOException;

    /** The secret that this fold's noise is made of. */
    NoiseSeed noiseSeed();

    /**
     * Sums over all blocks of floating tensors, in an order that depends on nothing but the layout.
     *
     * @param width how many sums
     * @param summands makes one summand per working thread
     * @return the sums
     */
    double[] sum(int width, Supplier<Summand> summands) throws IOException;

    /** Adds a block's share to each of the sums. Confined to one thread. */
    @FunctionalInterface
    interface Summand {
        void add(Block block, double[] sums) throws IOException;
    }
}
