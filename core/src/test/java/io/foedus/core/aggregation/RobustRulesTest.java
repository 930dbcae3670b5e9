package io.foedus.core.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foedus.core.models.DType;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule against its definition, computed plainly in double. */
class RobustRulesTest {
    private static final ModelLayout LAYOUT =
            new ModelLayout(List.of(TensorSpec.of("a", DType.F64, 40), TensorSpec.of("b", DType.F64, 3, 7)));
    private static final int WIDTH = 61;

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

    private double[][] points(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] points = new double[count][WIDTH];
        for (double[] point : points) {
            for (int i = 0; i < WIDTH; i++) {
                point[i] = random.nextDouble() * 2 - 1;
            }
        }
        return points;
    }

    private List<Contribution> contributions(double[][] points, double... weights) throws IOException {
        List<Contribution> contributions = new ArrayList<>();
        for (int c = 0; c < points.length; c++) {
            contributions.add(new Contribution(
                    String.format("c%03d", c), file("c" + c, points[c]), weights.length == 0 ? 1 : weights[c]));
        }
        return contributions;
    }

    private ModelFile file(String name, double[] values) throws IOException {
        return updates.file(name, LAYOUT, Arrays.copyOf(values, 40), Arrays.copyOfRange(values, 40, WIDTH));
    }

    private double[] fold(String spec, List<Contribution> contributions, Optional<ModelFile> base) throws IOException {
        Path out = directory.resolve("out.npz");
        Fold.with(Aggregators.parse(spec)).run(contributions, base, out);
        return Updates.values(updates.reopen(out));
    }

    @Test
    void median_and_trimmed_mean_match_sorting_for_any_number_of_clients() throws IOException {
        for (int count = 1; count <= 17; count++) {
            double[][] points = points(count, count);
            double[] median = fold("median", contributions(points), Optional.empty());
            double[] trimmed = fold("trimmed-mean:0.2", contributions(points), Optional.empty());
            int cut = (int) (0.2 * count);
            for (int i = 0; i < WIDTH; i++) {
                int column = i;
                double[] sorted = Arrays.stream(points)
                        .mapToDouble(p -> p[column])
                        .sorted()
                        .toArray();
                assertThat(median[i]).isEqualTo((sorted[(count - 1) / 2] + sorted[count / 2]) / 2, within(1e-15));
                assertThat(trimmed[i])
                        .isEqualTo(
                                Arrays.stream(sorted, cut, count - cut)
                                        .average()
                                        .orElseThrow(),
                                within(1e-15));
            }
        }
    }

    @Test
    void the_network_sorts_every_number_of_rows() {
        SplittableRandom random = new SplittableRandom(5);
        for (int rows = 1; rows <= 40; rows++) {
            double[][] columns = new double[rows][100];
            for (double[] row : columns) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = random.nextInt(20);
                }
            }
            SortingNetwork.of(rows).sort(columns, 10, 90);
            for (int row = 1; row < rows; row++) {
                for (int i = 10; i < 90; i++) {
                    assertThat(columns[row][i]).isGreaterThanOrEqualTo(columns[row - 1][i]);
                }
            }
        }
    }

    @Test
    void krum_takes_the_update_with_the_nearest_neighbours_and_names_it() throws IOException {
        double[][] points = points(9, 7);
        for (int hostile = 0; hostile < 2; hostile++) {
            for (int i = 0; i < WIDTH; i++) {
                points[hostile][i] = 100 + hostile;
            }
        }
        int best = 0;
        double bestScore = Double.POSITIVE_INFINITY;
        for (int a = 0; a < 9; a++) {
            double[] distances = new double[9];
            for (int b = 0; b < 9; b++) {
                for (int i = 0; i < WIDTH; i++) {
                    distances[b] += (points[a][i] - points[b][i]) * (points[a][i] - points[b][i]);
                }
            }
            // without the distance to itself, which is the smallest
            double score =
                    Arrays.stream(distances).sorted().skip(1).limit(9 - 2 - 2).sum();
            if (score < bestScore) {
                bestScore = score;
                best = a;
            }
        }
        Path out = directory.resolve("krum.npz");
        FoldResult result = Fold.with(Aggregators.parse("krum:2")).run(contributions(points), out);
        assertThat(result.notes()).containsEntry("selected", "c00" + best);
        assertThat(Updates.values(updates.reopen(out))).containsExactly(points[best]);
        FoldResult several = Fold.with(Aggregators.parse("multi-krum:2")).run(contributions(points), out);
        assertThat(several.notes()).containsEntry("selected", "c002 c003 c004 c005 c006 c007 c008");
    }

    @Test
    void bulyan_is_the_mean_of_the_chosen_values_nearest_to_their_median() throws IOException {
        double[][] points = points(11, 3);
        Arrays.fill(points[4], 50);
        Arrays.fill(points[9], -50);
        Path out = directory.resolve("bulyan.npz");
        FoldResult result = Fold.with(Aggregators.parse("bulyan:2")).run(contributions(points), out);
        List<Integer> chosen = Arrays.stream(
                        result.notes().getOrDefault("selected", "").split(" "))
                .map(id -> Integer.parseInt(id.substring(1)))
                .toList();
        assertThat(chosen).hasSize(7).doesNotContain(4, 9);
        double[] values = Updates.values(updates.reopen(out));
        for (int i = 0; i < WIDTH; i++) {
            int column = i;
            double[] sorted =
                    chosen.stream().mapToDouble(c -> points[c][column]).sorted().toArray();
            double median = sorted[3];
            double expected = Arrays.stream(sorted)
                    .boxed()
                    .sorted(java.util.Comparator.comparingDouble(v -> Math.abs(v - median)))
                    .limit(3)
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
            assertThat(values[i]).isEqualTo(expected, within(1e-12));
        }
    }

    @Test
    void the_geometric_median_minimises_the_sum_of_distances() throws IOException {
        double[][] points = points(7, 13);
        Arrays.fill(points[0], 1000);
        double[] weights = {3, 1, 2, 4, 1, 1, 2};
        double[] found = fold("geometric-median:1000,1e-9", contributions(points, weights), Optional.empty());
        double least = sumOfDistances(points, weights, found);
        SplittableRandom random = new SplittableRandom(2);
        for (int attempt = 0; attempt < 500; attempt++) {
            double[] near = found.clone();
            near[random.nextInt(WIDTH)] += (random.nextDouble() - 0.5) * 1e-3;
            assertThat(sumOfDistances(points, weights, near)).isGreaterThanOrEqualTo(least - 1e-9);
        }
        assertThat(found[0]).isBetween(-2.0, 2.0);
    }

    private static double sumOfDistances(double[][] points, double[] weights, double[] z) {
        double sum = 0;
        for (int c = 0; c < points.length; c++) {
            double squares = 0;
            for (int i = 0; i < WIDTH; i++) {
                squares += (points[c][i] - z[i]) * (points[c][i] - z[i]);
            }
            sum += weights[c] * Math.sqrt(squares);
        }
        return sum;
    }

    @Test
    void clipping_shortens_long_differences_to_the_bound_and_leaves_short_ones() throws IOException {
        double[] base = points(1, 1)[0];
        double[][] points = points(3, 2);
        double[] weights = {1, 2, 3};
        double bound = 5;
        double[] expected = base.clone();
        for (int c = 0; c < 3; c++) {
            double squares = 0;
            for (int i = 0; i < WIDTH; i++) {
                points[c][i] *= c == 0 ? 0.01 : 10;
                points[c][i] += base[i];
                squares += (points[c][i] - base[i]) * (points[c][i] - base[i]);
            }
            double factor = Math.min(1, bound / Math.sqrt(squares));
            for (int i = 0; i < WIDTH; i++) {
                expected[i] += weights[c] / 6 * factor * (points[c][i] - base[i]);
            }
        }
        double[] found = fold("clipped-mean:5", contributions(points, weights), Optional.of(file("base", base)));
        assertThat(found).containsExactly(expected, within(1e-12));
    }

    @Test
    void stale_updates_move_the_model_less_and_count_from_where_they_started() throws IOException {
        double[] base = points(1, 1)[0];
        double[] older = points(1, 2)[0];
        double[][] points = points(2, 3);
        List<Contribution> contributions = contributions(points, 1, 3);
        List<Contribution> aged =
                List.of(contributions.get(0), contributions.get(1).from(file("older", older), 3));
        double[] found = fold("fedbuff:0.5", aged, Optional.of(file("base", base)));
        for (int i = 0; i < WIDTH; i++) {
            double expected = base[i] + 0.25 * (points[0][i] - base[i]) + 0.75 * 0.5 * (points[1][i] - older[i]);
            assertThat(found[i]).isEqualTo(expected, within(1e-12));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // the two nearest to the median on either side are equally near: the lower one counts
        "'1 1.5 2 3 9', 1.5",
        // the window slides to the upper end, to the middle, not at all
        "'-100 -50 0 1 2', 1",
        "'-9 1 2 2.5 9', 1.8333333333333333",
        "'1 2 3 50 60', 2"
    })
    void bulyan_takes_the_window_around_the_median(String numbers, double expected) {
        double[] values = Arrays.stream(numbers.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        double[][] sorted = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            sorted[i] = new double[] {-1, values[i], -1};
        }
        double[] result = {7, 7, 7};
        new Bulyan(1).aroundMedian(sorted, 1, 2, result);
        assertThat(result[1]).isEqualTo(expected, within(1e-12));
        assertThat(result[0]).isEqualTo(7);
        assertThat(result[2]).isEqualTo(7);
    }

    @Test
    void rules_say_how_many_updates_they_need() {
        assertThat(new Krum(0, 1).minimum()).isEqualTo(3);
        assertThat(new Krum(2, 1).minimum()).isEqualTo(7);
        assertThat(new Krum(2, 9).minimum()).isEqualTo(9);
        assertThat(new Bulyan(0).minimum()).isEqualTo(3);
        assertThat(new Bulyan(2).minimum()).isEqualTo(11);
    }

    @Test
    void the_geometric_median_iterates_as_often_as_it_may_and_no_longer_than_it_moves() throws IOException {
        List<Contribution> contributions = contributions(points(7, 13));
        Path out = directory.resolve("out.npz");
        assertThat(Fold.with(new GeometricMedian(3, 1e-6))
                        .run(contributions, out)
                        .notes())
                .containsEntry("iterations", "3");
        String iterations = Fold.with(new GeometricMedian(100_000, 1e-6))
                .run(contributions, out)
                .notes()
                .getOrDefault("iterations", "");
        assertThat(Integer.parseInt(iterations)).isBetween(4, 1000);
    }

    @Test
    void clipping_notes_the_norms_and_a_difference_as_long_as_the_bound_is_not_clipped() throws IOException {
        double[][] points = new double[3][WIDTH];
        points[0][0] = 3;
        points[0][1] = 4;
        points[1][0] = 1;
        points[2][0] = 10;
        Optional<ModelFile> base = Optional.of(file("base", new double[WIDTH]));
        Path out = directory.resolve("out.npz");
        FoldResult result =
                Fold.with(Aggregators.parse("clipped-mean:5")).run(contributions(points, 1, 1, 2), base, out);
        assertThat(result.notes())
                .containsEntry("clipped", "1")
                .containsEntry("clip", "5")
                .containsEntry("norms", "1.00000 to 10.0000");
        assertThat(Updates.values(updates.reopen(out))[0]).isEqualTo((3 + 1 + 2 * 5) / 4.0, within(1e-12));
        assertThat(result.weight()).isEqualTo(4);
        FoldResult equal =
                Fold.with(Aggregators.parse("clipped-equal-mean:5")).run(contributions(points, 1, 1, 2), base, out);
        assertThat(equal.weight()).isEqualTo(3);
        assertThat(Updates.values(updates.reopen(out))[0]).isEqualTo((3 + 1 + 5) / 3.0, within(1e-12));
        assertThat(new ClippedMean(5, true).integers()).isEqualTo(IntegerRule.KEEP_BASE);
        assertThat(new ClippedMean(5, false).integers()).isEqualTo(IntegerRule.AGREE_OR_ROUND);
        assertThat(new ClippedMean(5, true).weight(40)).isEqualTo(1);
        assertThat(new ClippedMean(5, false).weight(40)).isEqualTo(40);
    }
}
