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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerStepTest {
    private static final ModelLayout LAYOUT = new ModelLayout(
            List.of(TensorSpec.of("w", DType.F64, 3), TensorSpec.of("n", DType.I64), TensorSpec.of("b", DType.F64, 1)));

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

    private ModelFile model(String name, double... values) throws IOException {
        return updates.file(
                name, LAYOUT, new double[] {values[0], values[1], values[2]}, new double[] {values[3]}, new double[] {
                    values[4]
                });
    }

    @Test
    void the_plain_optimizer_takes_the_aggregate_to_the_last_bit() throws IOException {
        ModelFile current = model("current", 1, 2, 3, 5, 4);
        ModelFile mean = model("mean", 0.1, 0.2, 0.3, 6, 0.4);
        Path next = directory.resolve("next.npz");
        OptimizerStep.Result result = new OptimizerStep(
                        ServerOptimizers.parse("plain"), current, mean, Optional.empty())
                .run(next, directory.resolve("state"), 1);
        assertThat(result.model()).isEqualTo(Digest.of(mean.path()));
        assertThat(result.state()).isEmpty();
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain:lr=0.5",
                "fedavgm:lr=0.7,momentum=0.8",
                "fedadagrad:lr=0.1,beta1=0.5,tau=0.01",
                "fedadam:lr=0.1,beta1=0.9,beta2=0.99,tau=0.001",
                "fedyogi:lr=0.1,beta1=0.9,beta2=0.99,tau=0.001"
            })
    void three_rounds_follow_the_formula_with_state_kept_in_files(String spec) throws IOException {
        ServerOptimizer optimizer = ServerOptimizers.parse(spec);
        assertThat(ServerOptimizers.parse(optimizer.spec())).isEqualTo(optimizer);
        double[] w = {1, -2, 3, 4};
        double[] m = new double[4];
        double[] v = new double[4];
        java.util.Arrays.fill(v, optimizer.slots().contains("m") ? optimizer.initial("v") : 0);
        ModelFile current = model("w0", 1, -2, 3, 0, 4);
        Optional<ModelFile> state = Optional.empty();
        for (int round = 1; round <= 3; round++) {
            double[] mean = {w[0] + 0.1 * round, w[1] - 0.2, 3, w[3] / 2};
            ModelFile aggregate = model("a" + round, mean[0], mean[1], mean[2], round, mean[3]);
            Path next = directory.resolve("w" + round + ".npz");
            Path nextState = directory.resolve("s" + round + ".npz");
            OptimizerStep.Result result =
                    new OptimizerStep(optimizer, current, aggregate, state).run(next, nextState, round);
            assertThat(result.state().isPresent()).isEqualTo(OptimizerStep.remembers(optimizer));
            for (int i = 0; i < 4; i++) {
                w[i] = expected(spec, w[i], mean[i] - w[i], m, v, i);
            }
            current = updates.reopen(next);
            if (result.state().isPresent()) {
                assertThat(result.state().get()).isEqualTo(Digest.of(nextState));
                state = Optional.of(updates.reopen(nextState));
            }
            assertThat(Updates.values(current))
                    .containsExactly(new double[] {w[0], w[1], w[2], round, w[3]}, within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain:lr=0.5", "fedavgm", "fedyogi"})
    void any_number_of_threads_and_deflated_files_give_the_same_bytes(String spec) throws IOException {
        ModelLayout layout = new ModelLayout(List.of(
                TensorSpec.of("large", DType.F32, Chunks.ELEMENTS + 9000),
                TensorSpec.of("none", DType.F32, 0),
                TensorSpec.of("n", DType.I64, 20_000),
                TensorSpec.of("small", DType.F16, 10_001)));
        java.util.SplittableRandom random = new java.util.SplittableRandom(5);
        ModelFile current = updates.random("current", layout, random);
        ModelFile mean = updates.random("mean", layout, random);
        ModelFile packed = updates.reopen(Deflated.copyOf(mean.path()));
        ServerOptimizer optimizer = ServerOptimizers.parse(spec);
        Optional<ModelFile> state = Optional.empty();
        for (int round = 0; round < 2; round++) {
            Path next = directory.resolve("next.npz");
            Path nextState = directory.resolve("state" + round);
            OptimizerStep.Result alone = new OptimizerStep(optimizer, current, mean, state).run(next, nextState, 1);
            assertThat(alone.model()).isEqualTo(Digest.of(next));
            assertThat(new OptimizerStep(optimizer, current, mean, state).run(next, nextState, 3))
                    .isEqualTo(alone);
            assertThat(new OptimizerStep(optimizer, current, packed, state).run(next, nextState, 2))
                    .isEqualTo(alone);
            state = alone.state().isPresent() ? Optional.of(updates.reopen(nextState)) : state;
        }
    }

    private static double expected(String spec, double w, double delta, double[] m, double[] v, int i) {
        double square = delta * delta;
        switch (spec.substring(0, spec.indexOf(':'))) {
            case "plain" -> {
                return w + 0.5 * delta;
            }
            case "fedavgm" -> {
                v[i] = 0.8 * v[i] + delta;
                return w + 0.7 * v[i];
            }
            case "fedadagrad" -> {
                m[i] = 0.5 * m[i] + 0.5 * delta;
                v[i] = v[i] + square;
                return w + 0.1 * m[i] / (Math.sqrt(v[i]) + 0.01);
            }
            case "fedadam" -> v[i] = 0.99 * v[i] + (1 - 0.99) * square;
            default -> v[i] = v[i] - (1 - 0.99) * Math.signum(v[i] - square) * square;
        }
        m[i] = 0.9 * m[i] + (1 - 0.9) * delta;
        return w + 0.1 * m[i] / (Math.sqrt(v[i]) + 0.001);
    }

    @Test
    void another_layout_or_the_state_of_another_optimizer_is_refused() throws IOException {
        ModelFile current = model("current", 1, 2, 3, 5, 4);
        ModelFile other =
                updates.file("other", new ModelLayout(List.of(TensorSpec.of("w", DType.F64, 2))), new double[] {1, 2});
        ServerOptimizer adam = ServerOptimizers.parse("fedadam");
        assertThatThrownBy(() -> new OptimizerStep(adam, current, other, Optional.empty()))
                .isInstanceOf(FoldException.class)
                .hasMessageContaining("the aggregate does not fit the global model");
        assertThatThrownBy(() -> new OptimizerStep(adam, current, current, Optional.of(other)))
                .hasMessageContaining("the optimizer's state does not fit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam", "plain:lr=0", "fedavgm:lr=1,momentum=1", "fedadagrad:beta2=0.5", "fedyogi:tau=x"})
    void a_wrong_spec_is_refused_with_a_sentence(String spec) {
        assertThatThrownBy(() -> ServerOptimizers.parse(spec)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_second_moment_starts_at_tau_squared_and_yogi_moves_it_both_ways() {
        Adaptive yogi = (Adaptive) ServerOptimizers.parse("fedyogi:lr=1,beta1=0,beta2=0.9,tau=0.5");
        assertThat(yogi.initial("v")).isEqualTo(0.25);
        assertThat(yogi.initial("m")).isZero();
        double[] aggregate = {2, 2};
        double[][] state = {{0, 0}, {9, 1}};
        yogi.step(new double[] {0, 0}, aggregate, state, 2);
        assertThat(state[1]).containsExactly(new double[] {9 - 0.1 * 4, 1 + 0.1 * 4}, within(1e-12));
        assertThat(aggregate[0]).isEqualTo(2 / (Math.sqrt(8.6) + 0.5), within(1e-12));
        assertThat(((Adaptive) ServerOptimizers.parse("fedadagrad:1,0.8,0.3")).beta2())
                .isZero();
        assertThat(((Adaptive) ServerOptimizers.parse("fedadam:1,0.8,0.95,0.3")).beta2())
                .isEqualTo(0.95);
    }
}
