package io.foedus.core.aggregation;

import java.util.List;

/**
 * FedAvgM: v ← β·v + Δ, w ← w + η·v, with Δ = a − w the pseudo-gradient (Hsu, Qi, Brown 2019, arXiv:1909.06335, §3).
 *
 * @param rate η, above 0
 * @param momentum β, from 0 to below 1
 */
public record Momentum(double rate, double momentum) implements ServerOptimizer {
    static Momentum of(Spec spec) {
        spec.knowing("lr", "momentum");
        return new Momentum(
                spec.number(0, "lr", 1, Double.MIN_VALUE, 1000),
                spec.number(1, "momentum", 0.9, 0, Math.nextDown(1.0)));
    }

    @Override
    public String spec() {
        return "fedavgm:lr=" + Spec.plain(rate) + ",momentum=" + Spec.plain(momentum);
    }

    @Override
    public List<String> slots() {
        return List.of("v");
    }

    @Override
    public double initial(String slot) {
        return 0;
    }

    @Override
    public void step(double[] current, double[] aggregate, double[][] state, int length) {
        double[] velocity = state[0];
        for (int i = 0; i < length; i++) {
            velocity[i] = momentum * velocity[i] + (aggregate[i] - current[i]);
            aggregate[i] = current[i] + rate * velocity[i];
        }
    }
}
