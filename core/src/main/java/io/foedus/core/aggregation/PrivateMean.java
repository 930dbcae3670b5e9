package io.foedus.core.aggregation;

import io.foedus.core.models.Digest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Central differential privacy per client: DP-FedAvg (McMahan et al. 2018, arXiv:1710.06963) with equal weights. Of n
 * clients, base + (Σ clip(Δᵢ, S) + N(0, (z·S)²)) / n. What the noise is worth is told by {@link PrivacyAccountant}.
 *
 * <p>What is hidden is what a client contributed, not that it took part: two runs are neighbours if one client's
 * difference is zero in one of them (zero-out adjacency, Kairouz et al. 2021, arXiv:2103.00039). So n may be divided by
 * and published, and nothing is gained by sampling, because manifests name who took part.
 *
 * <p>With a quantile γ the bound adapts (Andrew et al. 2021, arXiv:1905.03871): S ← S·exp(−η(b − γ)), where b is the
 * fraction of clients within the bound plus noise of σ_b = n/20 clients, and z for the model is raised so that both
 * together cost what z says, where a client that is zeroed out changes the count by 1. {@link FoldResult#next} carries
 * the new bound.
 *
 * <p>Noise is added once, at the root: combiners fold with {@link ClippedMean} and the root counts clients. An adapting
 * bound needs to see every client and refuses partials. Tensors that are not floating keep the base's values, because
 * they would carry unprotected data. Every result with the same seed and the same base model has the same noise;
 * without a seed the noise is fresh from the operating system, and nobody can repeat it. A seed is a secret.
 *
 * @param clip S, above 0
 * @param noise z, the noise multiplier, not negative
 * @param quantile γ, from 0 to 1; empty for a fixed bound
 * @param rate η of the adapting bound
 */
public record PrivateMean(double clip, double noise, Optional<Double> quantile, double rate) implements Aggregator {
    @Override
    public String spec() {
        return "dp-mean:clip=" + Spec.plain(clip) + ",noise=" + Spec.plain(noise)
                + quantile.map(q -> ",quantile=" + Spec.plain(q) + ",rate=" + Spec.plain(rate))
                        .orElse("");
    }

    @Override
    public String combinerSpec() {
        return new ClippedMean(clip, true).spec();
    }

    @Override
    public double weight(long examples) {
        return 1;
    }

    @Override
    public PartialRule partials() {
        return quantile.isPresent() ? PartialRule.REFUSED : PartialRule.EXACT;
    }

    @Override
    public IntegerRule integers() {
        return IntegerRule.KEEP_BASE;
    }

    @Override
    public boolean needsBase() {
        return true;
    }

    @Override
    public Prepared prepare(Passes passes) throws IOException {
        List<Contribution> contributions = passes.contributions();
        boolean equal = passes.tier() == Tier.CLIENTS;
        double[] norms = Norms.ofDifferences(passes);
        double[] factors = ClippedMean.factors(contributions, norms, clip, equal);
        Sum sum = ClippedMean.sum(passes, norms, clip, equal);
        double clients = equal ? contributions.size() : Prepared.weight(contributions);
        Digest key = passes.noiseSeed().key(passes.baseDigest());
        double deviation = modelNoise(clients) * clip / clients;
        // norms are the clients' own numbers: to note them would tell what the noise hides
        Map<String, String> notes =
                Map.of("clip", Spec.plain(clip), "noise", String.format(Locale.ROOT, "%.6g per element", deviation));
        return new Prepared(
                () -> noisy(sum.over(passes, factors).get(), new GaussianNoise(key), deviation),
                Optional.empty(),
                clients,
                notes,
                quantile.map(target -> adapted(norms, target, key).spec()));
    }

    private static Kernel noisy(Kernel sum, GaussianNoise source, double deviation) {
        return (block, result) -> {
            sum.combine(block, result);
            source.add(block.tensor().name(), block.first(), deviation, result, block.length());
        };
    }

    /** The noise multiplier of the model, given that an adapting bound spends some of the budget on its own count. */
    private double modelNoise(double clients) {
        if (quantile.isEmpty() || noise == 0) {
            return noise;
        }
        double count = countNoise(clients);
        if (noise >= count) {
            throw new IllegalArgumentException(
                    "a noise multiplier of " + noise + " with an adapting bound needs more than "
                            + (long) Math.ceil(noise * 20) + " clients, there are " + (long) clients);
        }
        return 1 / Math.sqrt(1 / (noise * noise) - 1 / (count * count));
    }

    private static double countNoise(double clients) {
        return clients / 20;
    }

    private PrivateMean adapted(double[] norms, double target, Digest key) {
        double[] within = {Arrays.stream(norms).filter(norm -> norm <= clip).count()};
        if (noise > 0) {
            // the name cannot be a tensor's: a tensor's name has no line break
            new GaussianNoise(key).add("\nwithin", 0, countNoise(norms.length), within, 1);
        }
        double next = clip * StrictMath.exp(-rate * (within[0] / norms.length - target));
        return new PrivateMean(next, noise, quantile, rate);
    }

    /** Finds {@link PrivateMean} by name. */
    public static final class Provider implements AggregatorProvider {
        @Override
        public String name() {
            return "dp-mean";
        }

        @Override
        public String usage() {
            return "dp-mean:clip,noise[,quantile=0.5,rate=0.2] – differential privacy for what every client contributes";
        }

        @Override
        public Aggregator create(Spec spec) {
            if (!spec.text(4, "seed").isEmpty()) {
                throw new IllegalArgumentException("a seed in a rule could be read by everybody, and the noise be"
                        + " subtracted; leave it out, or hand it to the fold beside the rule");
            }
            spec.knowing("clip", "noise", "quantile", "rate");
            if (spec.text(0, "clip").isEmpty() || spec.text(1, "noise").isEmpty()) {
                throw new IllegalArgumentException(
                        "dp-mean needs a clipping bound and a noise multiplier, for example dp-mean:clip=1,noise=1.1");
            }
            double quantile = spec.number(2, "quantile", -1, 0, 1);
            return new PrivateMean(
                    spec.number(0, "clip", 1, Double.MIN_VALUE, Double.MAX_VALUE),
                    spec.number(1, "noise", 1, 0, 1e6),
                    quantile < 0 ? Optional.empty() : Optional.of(quantile),
                    spec.number(3, "rate", 0.2, Double.MIN_VALUE, 10));
        }
    }
}
