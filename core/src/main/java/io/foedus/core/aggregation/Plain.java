package io.foedus.core.aggregation;

import java.util.List;

/**
 * w ← w + η·(a − w), with a the aggregate. At η = 1 the aggregate itself, to the last bit: federated averaging.
 *
 * @param rate η, above 0
 */
public record Plain(double rate) implements ServerOptimizer {
    static Plain of(Spec spec) {
        return new Plain(spec.knowing("lr").number(0, "lr", 1, Double.MIN_VALUE, 1000));
    }

    @Override
    public String spec() {
        return rate == 1 ? "plain" : "plain:lr=" + rate;
    }

    @Override
    public List<String> slots() {
        return List.of();
    }

    @Override
    public double initial(String slot) {
        return 0;
    }

    @Override
    public void step(double[] current, double[] aggregate, double[][] state, int length) {
        if (rate == 1) {
            return;
        }
        for (int i = 0; i < length; i++) {
            aggregate[i] = current[i] + rate * (aggregate[i] - current[i]);
        }
    }
}
