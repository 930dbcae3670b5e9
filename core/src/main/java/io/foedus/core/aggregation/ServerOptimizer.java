package io.foedus.core.aggregation;

import java.util.List;

/**
 * The step at the root: from the current global model and the aggregate of the updates to the next global model. A rule
 * per element; {@link OptimizerStep} applies it to files. Immutable.
 */
public interface ServerOptimizer {
    /** The text that {@link ServerOptimizers#parse} turns into an equal optimizer. */
    String spec();

    /** Names of the values that are kept per element from round to round; empty for a rule without memory. */
    List<String> slots();

    /** What a slot holds before the first step. */
    double initial(String slot);

    /**
     * Makes the next values of a block.
     *
     * @param current the global model's values
     * @param aggregate the aggregate's values; receives the next global model's
     * @param state per slot, its values; receives the next ones
     * @param length how many elements count
     */
    void step(double[] current, double[] aggregate, double[][] state, int length);
}
