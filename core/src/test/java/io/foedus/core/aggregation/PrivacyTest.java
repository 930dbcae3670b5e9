package io.foedus.core.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivacyTest {
    private static final int SIZE = 100_000;
    private static final ModelLayout LAYOUT =
            new ModelLayout(List.of(TensorSpec.of("w", DType.F64, SIZE), TensorSpec.of("n", DType.I64)));

    @TempDir
    Path directory;

    private Updates updates;

    @BeforeEach
    void open() {
        updates = new Updates(directory);
    }

    @AfterEach
    void close() throws IOException {
        updates.close();
    }

    private List<Contribution> equalUpdates(int count, double value) throws IOException {
        double[] values = new double[SIZE];
        java.util.Arrays.fill(values, value);
        ModelFile file = updates.file("u" + value, LAYOUT, values, new double[] {7});
        List<Contribution> contributions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            contributions.add(new Contribution("c" + i, file, 10 + i));
        }
        return contributions;
    }

    @Test
    void noise_is_normal_with_the_promised_deviation_and_integers_stay_the_bases() throws IOException {
        ModelFile base = updates.file("base", LAYOUT, new double[SIZE], new double[] {3});
        Path out = directory.resolve("out.npz");
        FoldResult result = Fold.with(Aggregators.parse("dp-mean:clip=2,noise=1.5"))
                .seeded(seed(1))
                .threads(2)
                .run(equalUpdates(10, 0), Optional.of(base), out);
        double[] values = Updates.values(updates.reopen(out));
        double sum = 0;
        double squares = 0;
        double fourth = 0;
        for (int i = 0; i < SIZE; i++) {
            sum += values[i];
            squares += values[i] * values[i];
            fourth += Math.pow(values[i], 4);
        }
        double deviation = 1.5 * 2 / 10;
        assertThat(sum / SIZE).isEqualTo(0, within(4 * deviation / Math.sqrt(SIZE)));
        assertThat(Math.sqrt(squares / SIZE)).isEqualTo(deviation, within(0.01 * deviation));
        assertThat(fourth / SIZE / Math.pow(deviation, 4)).isEqualTo(3, within(0.1));
        assertThat(values[SIZE]).isEqualTo(3);
        assertThat(result.weight()).isEqualTo(10);
        assertThat(result.next()).isEmpty();
        assertThat(result.notes()).containsEntry("noise", "0.300000 per element");
    }

    @Test
    void without_a_seed_noise_is_fresh_and_with_one_it_differs_for_every_base() throws IOException {
        ModelFile base = updates.file("base", LAYOUT, new double[SIZE], new double[] {3});
        double[] ones = new double[SIZE];
        java.util.Arrays.fill(ones, 1e-9);
        ModelFile next = updates.file("next", LAYOUT, ones, new double[] {3});
        Fold fresh = Fold.with(Aggregators.parse("dp-mean:1,1"));
        Fold a = fresh.seeded(seed(1));
        assertThat(first(fresh, base)).isNotEqualTo(first(fresh, base));
        assertThat(first(a, base)).isEqualTo(first(fresh.seeded(seed(1)), base));
        assertThat(Math.abs(first(a, base) - first(fresh.seeded(seed(2)), base)))
                .isGreaterThan(1e-6);
        assertThat(Math.abs(first(a, base) - first(fresh.seeded(seed(1).derive("round 2")), base)))
                .isGreaterThan(1e-6);
        assertThat(Math.abs(first(a, base) - first(a, next))).isGreaterThan(1e-6);
    }

    private static NoiseSeed seed(int first) {
        byte[] secret = new byte[NoiseSeed.LEAST_BYTES];
        secret[0] = (byte) first;
        return NoiseSeed.of(secret);
    }

    /** The first number of a fold of three updates. */
    private double first(Fold fold, ModelFile base) throws IOException {
        Path out = directory.resolve("out.npz");
        fold.run(equalUpdates(3, 0), Optional.of(base), out);
        return Updates.values(updates.reopen(out))[0];
    }

    @Test
    void what_everybody_can_read_tells_neither_the_seed_nor_the_norms() throws IOException {
        ModelFile base = updates.file("base", LAYOUT, new double[SIZE], new double[] {3});
        Aggregator rule = Aggregators.parse("dp-mean:clip=2,noise=0.1,quantile=0.5");
        byte[] secret = "correct horse battery staple".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        NoiseSeed seed = NoiseSeed.of(secret);
        Fold fold = Fold.with(rule).seeded(seed);
        FoldResult result = fold.run(equalUpdates(40, 0.01), Optional.of(base), directory.resolve("out.npz"));
        assertThat(result.notes()).containsOnlyKeys("clip", "noise");
        assertThat(fold + " " + result + " " + rule.spec()).doesNotContain("horse", "norms", "clipped");
        assertThatThrownBy(() -> Aggregators.parse("dp-mean:1,1,seed=horse"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("could be read by everybody");
        assertThatThrownBy(() -> NoiseSeed.of(new byte[15])).hasMessageContaining("at least 16 bytes");
    }

    @Test
    void an_adapting_bound_moves_towards_the_quantile() throws IOException {
        ModelFile base = updates.file("base", LAYOUT, new double[SIZE], new double[] {3});
        List<Contribution> contributions = equalUpdates(40, 0.01);
        double norm = 0.01 * Math.sqrt(SIZE);
        PrivateMean low = (PrivateMean) Aggregators.parse("dp-mean:clip=1,noise=0,quantile=0.5,rate=0.2");
        assertThat(next(low, contributions, base).clip()).isEqualTo(Math.exp(0.1), within(1e-12));
        PrivateMean high = (PrivateMean) Aggregators.parse("dp-mean:clip=10,noise=0,quantile=0.5,rate=0.2");
        assertThat(norm).isLessThan(10);
        assertThat(next(high, contributions, base).clip()).isEqualTo(10 * Math.exp(-0.1), within(1e-12));
        PrivateMean noisy = (PrivateMean) Aggregators.parse("dp-mean:clip=10,noise=1,quantile=0.5,rate=0.2");
        assertThat(next(noisy, contributions, base).clip()).isBetween(8.0, 10.5);
        assertThatThrownBy(() -> next(
                        (PrivateMean) Aggregators.parse("dp-mean:clip=10,noise=5,quantile=0.5"), contributions, base))
                .hasMessageContaining("needs more than 100 clients, there are 40");
    }

    private PrivateMean next(PrivateMean rule, List<Contribution> contributions, ModelFile base) throws IOException {
        FoldResult result =
                Fold.with(rule).seeded(seed(3)).run(contributions, Optional.of(base), directory.resolve("out.npz"));
        return (PrivateMean) Aggregators.parse(result.next().orElseThrow());
    }

    @Test
    void the_accountant_agrees_with_published_and_independently_computed_values() {
        // values of dp-accounting 0.6 (RdpAccountant, integer orders 2..512), see src/test/golden/make_epsilons.py
        assertThat(new PrivacyAccountant(0.01, 4).epsilon(10_000, 1e-5)).isEqualTo(EPSILON_1, within(2e-4));
        assertThat(new PrivacyAccountant(0.1, 1).epsilon(100, 1e-6)).isEqualTo(EPSILON_2, within(2e-4));
        assertThat(new PrivacyAccountant(1, 2).epsilon(10, 1e-5)).isEqualTo(EPSILON_3, within(2e-4));
        assertThat(new PrivacyAccountant(1, 2).rho(10)).isEqualTo(1.25);
        assertThat(new PrivacyAccountant(0.5, 1).epsilon(0, 1e-5)).isZero();
    }

    private static final double EPSILON_1 = 1.0354900660362436;
    private static final double EPSILON_2 = 9.124214056877562;
    private static final double EPSILON_3 = 8.087861628831664;

    @Test
    void privacy_without_noise_or_with_impossible_numbers_is_refused() {
        assertThatThrownBy(() -> new PrivacyAccountant(0.5, 0)).hasMessageContaining("without noise");
        assertThatThrownBy(() -> new PrivacyAccountant(0, 1)).hasMessageContaining("sampling rate");
        assertThatThrownBy(() -> new PrivacyAccountant(1, 1).epsilon(1, 0)).hasMessageContaining("δ");
        assertThatThrownBy(() -> new PrivacyAccountant(0.5, 1).rho(1)).hasMessageContaining("sampling");
    }

    @Test
    void noise_is_the_same_on_every_machine_and_in_blocks_of_any_size() {
        // AES-256-CTR and Box–Muller computed by Python's cryptography and math modules
        double[] expected = {
            2.6195879023808932,
            0.6863306671540453,
            -0.5938038322746496,
            -0.3762893109602781,
            0.053796885157006036,
            -1.8080318126685873,
            -1.2512502322992936
        };
        GaussianNoise noise = new GaussianNoise(Digest.of("key".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        double[] odd = new double[6];
        noise.add("w", 0, 1, odd, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(odd[i]).isEqualTo(expected[i], within(1e-14));
        }
        assertThat(odd[5]).isZero();
        double[] later = {100, 100, 100};
        noise.add("w", 4, 2, later, 3);
        for (int i = 0; i < 3; i++) {
            assertThat(later[i]).isEqualTo(100 + 2 * expected[4 + i], within(1e-12));
        }
        assertThatThrownBy(() -> noise.add("w", 3, 1, later, 3)).hasMessageContaining("even places");
    }

    @Test
    void an_adapting_bound_counts_with_noise_and_the_model_pays_for_it() throws IOException {
        ModelFile base = updates.file("base", LAYOUT, new double[SIZE], new double[] {3});
        List<Contribution> contributions = equalUpdates(40, 0.01);
        Aggregator rule = Aggregators.parse("dp-mean:clip=10,noise=1,quantile=0.5,rate=0.2");
        FoldResult result =
                Fold.with(rule).seeded(seed(5)).run(contributions, Optional.of(base), directory.resolve("out.npz"));
        // Andrew et al., theorem 1, for zero-out adjacency: z = (1/z² − 1/σ_b²)^(−1/2) with σ_b = 40/20
        double raised = 1 / Math.sqrt(1 - 1 / 4.0);
        assertThat(result.notes())
                .containsEntry("noise", String.format(java.util.Locale.ROOT, "%.6g per element", raised * 10 / 40));
        double next = ((PrivateMean) Aggregators.parse(result.next().orElseThrow())).clip();
        assertThat(Math.abs(next - 10 * Math.exp(-0.1))).isGreaterThan(1e-6);
    }

    @Test
    void an_update_as_long_as_the_bound_lies_within_it() throws IOException {
        ModelFile base = updates.file("base", LAYOUT, new double[SIZE], new double[] {3});
        double[] unit = new double[SIZE];
        unit[0] = 1;
        ModelFile update = updates.file("unit", LAYOUT, unit, new double[] {3});
        PrivateMean rule = (PrivateMean) Aggregators.parse("dp-mean:clip=1,noise=0,quantile=0.5,rate=0.2");
        assertThat(next(rule, List.of(new Contribution("a", update, 1)), base).clip())
                .isEqualTo(Math.exp(-0.1), within(1e-12));
    }
}
