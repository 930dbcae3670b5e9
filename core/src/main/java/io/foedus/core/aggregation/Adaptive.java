package io.foedus.core.aggregation;

import java.util.List;

/**
 * FedAdagrad, FedAdam and FedYogi (Reddi et al. 2020, arXiv:2003.00295, algorithm 2), with Δ = a − w:
 *
 * <pre>
 * m ← β₁·m + (1 − β₁)·Δ
 * v ← v + Δ²                          (Adagrad)
 * v ← β₂·v + (1 − β₂)·Δ²              (Adam)
 * v ← v − (1 − β₂)·Δ²·sign(v − Δ²)    (Yogi)
 * w ← w + η·m / (√v + τ)
 * </pre>
 *
 * <p>m starts at 0, v at τ²; there is no bias correction. Defaults are FEDn's: η 0.001, β₁ 0.9, β₂ 0.99, τ 0.0001.
 */
public record Adaptive(Second second, double rate, double beta1, double beta2, double tau) implements ServerOptimizer {
    /** How the second moment moves. */
    public enum Second {
        FEDADAGRAD,
        FEDADAM,
        FEDYOGI
    }

    static Adaptive of(Spec spec) {
        double below1 = Math.nextDown(1.0);
        Second second = Second.valueOf(spec.name().toUpperCase(java.util.Locale.ROOT));
        boolean adagrad = second == Second.FEDADAGRAD;
        if (adagrad) {
            spec.knowing("lr", "beta1", "tau");
        } else {
            spec.knowing("lr", "beta1", "beta2", "tau");
        }
        return new Adaptive(
                second,
                spec.number(0, "lr", 1e-3, Double.MIN_VALUE, 1000),
                spec.number(1, "beta1", 0.9, 0, below1),
                adagrad ? 0 : spec.number(2, "beta2", 0.99, 0, below1),
                spec.number(adagrad ? 2 : 3, "tau", 1e-4, Double.MIN_VALUE, 1000));
    }

    @Override
    public String spec() {
        return second.name().toLowerCase(java.util.Locale.ROOT) + ":lr=" + Spec.plain(rate) + ",beta1="
                + Spec.plain(beta1) + (second == Second.FEDADAGRAD ? "" : ",beta2=" + Spec.plain(beta2)) + ",tau="
                + Spec.plain(tau);
    }

    @Override
    public List<String> slots() {
        return List.of("m", "v");
    }

    @Override
    public double initial(String slot) {
        return slot.equals("v") ? tau * tau : 0;
    }

    @Override
    public void step(double[] current, double[] aggregate, double[][] state, int length) {
        double[] m = state[0];
        double[] v = state[1];
        for (int i = 0; i < length; i++) {
            double delta = aggregate[i] - current[i];
            double square = delta * delta;
            m[i] = beta1 * m[i] + (1 - beta1) * delta;
            v[i] = switch (second) {
                case FEDADAGRAD -> v[i] + square;
                case FEDADAM -> beta2 * v[i] + (1 - beta2) * square;
                case FEDYOGI -> v[i] - (1 - beta2) * square * Math.signum(v[i] - square);
            };
            aggregate[i] = current[i] + rate * m[i] / (Math.sqrt(v[i]) + tau);
        }
    }
}
