package io.foedus.core.aggregation;

/**
 * What differential privacy a sequence of noisy rounds amounts to: Rényi differential privacy of the Poisson-sampled
 * Gaussian mechanism at integer orders (Mironov, Talwar, Zhang 2019, arXiv:1908.10530, §3.3), composed by addition, and
 * converted to (ε, δ) by Canonne, Kamath, Steinke 2020 (arXiv:2004.00010, proposition 12).
 *
 * <p>The guarantee is per client. With a rate of 1 it holds for zeroing out all that a client contributes, whoever
 * knows who took part. A rate below 1 claims more: that nobody knows who took part, and that each client does so
 * independently in each round. Where manifests name the members of rounds, that claim does not hold; the controller
 * uses 1.
 *
 * @param samplingRate q, the expected fraction of all clients in a round, above 0 up to 1
 * @param noise z, the noise multiplier, above 0
 */
public record PrivacyAccountant(double samplingRate, double noise) {
    private static final int MAX_ORDER = 512;

    /**
     * Refuses what has no guarantee.
     *
     * @throws IllegalArgumentException saying which bound is wrong
     */
    public PrivacyAccountant {
        if (!(samplingRate > 0 && samplingRate <= 1)) {
            throw new IllegalArgumentException("the sampling rate must be above 0 and up to 1, not " + samplingRate);
        }
        if (!(noise > 0) || Double.isInfinite(noise)) {
            throw new IllegalArgumentException("without noise there is no privacy; the multiplier is " + noise);
        }
    }

    /** Rényi divergence of one round at an integer order from 2 on. */
    public double renyi(int order) {
        if (samplingRate == 1) {
            return order / (2 * noise * noise);
        }
        // log Σₖ C(α,k)·(1−q)^(α−k)·qᵏ·exp((k²−k)/(2z²)), kept in the log domain
        double logSum = Double.NEGATIVE_INFINITY;
        double logBinomial = 0;
        for (int k = 0; k <= order; k++) {
            double term = logBinomial
                    + (order - k) * StrictMath.log1p(-samplingRate)
                    + k * StrictMath.log(samplingRate)
                    + ((double) k * k - k) / (2 * noise * noise);
            logSum = logAdd(logSum, term);
            logBinomial += StrictMath.log((double) (order - k) / (k + 1));
        }
        return Math.max(0, logSum) / (order - 1);
    }

    /**
     * The ε of (ε, δ)-differential privacy after some rounds.
     *
     * @param delta δ, between 0 and 1; smaller than one over the number of clients to mean anything
     */
    public double epsilon(int rounds, double delta) {
        if (!(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException("δ must lie between 0 and 1, not " + delta);
        }
        if (rounds == 0) {
            return 0;
        }
        double best = Double.POSITIVE_INFINITY;
        for (int order = 2; order <= MAX_ORDER; order++) {
            double epsilon = rounds * renyi(order)
                    + StrictMath.log1p(-1.0 / order)
                    - (StrictMath.log(delta) + StrictMath.log(order)) / (order - 1);
            best = Math.min(best, epsilon);
        }
        return Math.max(0, best);
    }

    /** The ρ of zero-concentrated differential privacy after some rounds without sampling (Bun, Steinke 2016). */
    public double rho(int rounds) {
        if (samplingRate != 1) {
            throw new IllegalArgumentException("zCDP does not gain from sampling; use epsilon");
        }
        return rounds / (2 * noise * noise);
    }

    private static double logAdd(double a, double b) {
        double high = Math.max(a, b);
        double low = Math.min(a, b);
        return low == Double.NEGATIVE_INFINITY ? high : high + StrictMath.log1p(StrictMath.exp(low - high));
    }
}
