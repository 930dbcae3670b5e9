package io.foedus.agent.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.Foedus;
import io.foedus.agent.console.Json;
import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModelCommandsTest {
    @TempDir
    Path directory;

    private Path a;
    private Path b;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeEach
    void models() throws IOException {
        a = model("a.npz", 1);
        b = model("b.npz", 4);
    }

    private Path model(String name, double first) throws IOException {
        Path path = directory.resolve(name);
        ModelLayout layout =
                new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 2, 200), TensorSpec.of("steps", DType.I64)));
        try (ModelWriter writer = ModelWriter.create(path, ModelFormats.byId("npz"), layout)) {
            double[] values = new double[400];
            for (int i = 0; i < 400; i++) {
                values[i] = first + i / 400.0;
            }
            writer.slices().write(0, 0, values, 0, 400);
            writer.slices().write(1, 0, new double[] {7}, 0, 1);
            writer.finish();
        }
        return path;
    }

    private int foedus(Object... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        CommandLine root = Foedus.commandLine(List.of());
        root.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return root.execute(List.of(arguments).stream().map(String::valueOf).toArray(String[]::new));
    }

    private JsonNode answer() throws IOException {
        return Json.read(out.toString());
    }

    @Test
    void inspect_lists_tensors_with_their_statistics() throws IOException {
        assertThat(foedus("model", "inspect", "--stats", "--json", a)).isZero();
        assertThat(answer().at("/format").asText()).isEqualTo("npz");
        assertThat(answer().at("/sha256").asText()).isEqualTo(Digest.of(a).hex());
        assertThat(answer().at("/tensors/0/shape").toString()).isEqualTo("[2,200]");
        assertThat(answer().at("/tensors/0/min").asDouble()).isEqualTo(1);
        assertThat(answer().at("/tensors/1/dtype").asText()).isEqualTo("i64");
        assertThat(foedus("model", "inspect", a)).isZero();
        assertThat(out.toString()).contains("NAME").contains("[2,200]");
    }

    @Test
    void diff_tells_by_exit_code_and_in_numbers() throws IOException {
        assertThat(foedus("model", "diff", a, a)).isZero();
        assertThat(foedus("model", "diff", "--json", a, b)).isEqualTo(1);
        assertThat(answer().at("/differing").asLong()).isEqualTo(400);
        assertThat(answer().at("/largest").asDouble()).isBetween(2.999, 3.001);
        assertThat(foedus("model", "diff", "--tolerance", "3.001", a, b)).isZero();
    }

    @Test
    void aggregate_makes_the_weighted_mean_and_names_what_it_made() throws IOException {
        Path mean = directory.resolve("mean.safetensors");
        assertThat(foedus("model", "aggregate", "--json", "--weights", "1,2", a, b, "-o", mean))
                .isZero();
        assertThat(answer().at("/weight").asDouble()).isEqualTo(3);
        assertThat(answer().at("/sha256").asText()).isEqualTo(Digest.of(mean).hex());
        assertThat(foedus("model", "inspect", "--stats", "--json", mean)).isZero();
        assertThat(answer().at("/format").asText()).isEqualTo("safetensors");
        assertThat(answer().at("/tensors/0/min").asDouble()).isEqualTo(3);
        assertThat(foedus("model", "aggregate", "-a", "clipped-mean:1", "--base", a, a, b, "-o", mean))
                .isZero();
        assertThat(out.toString()).contains("clipped");
        assertThat(foedus("model", "aggregate", "--list")).isZero();
        assertThat(out.toString()).contains("trimmed-mean:fraction=0.1").contains("dp-mean");
    }

    @Test
    void private_noise_is_repeated_by_whoever_holds_the_seed() throws IOException {
        Path seed = Files.write(directory.resolve("seed"), new byte[32]);
        List<String> digests = new java.util.ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Path made = directory.resolve("private" + i + ".npz");
            assertThat(foedus(
                            "model",
                            "aggregate",
                            "--json",
                            "-a",
                            "dp-mean:1,1",
                            "--base",
                            a,
                            "--noise-seed",
                            seed,
                            a,
                            b,
                            "-o",
                            made))
                    .as(err.toString())
                    .isZero();
            assertThat(answer().at("/aggregator").asText()).isEqualTo("dp-mean:1,1");
            digests.add(answer().at("/sha256").asText());
        }
        assertThat(digests.get(0)).isEqualTo(digests.get(1));
        Files.write(seed, new byte[3]);
        assertThat(foedus(
                        "model",
                        "aggregate",
                        "-a",
                        "dp-mean:1,1",
                        "--base",
                        a,
                        "--noise-seed",
                        seed,
                        a,
                        "-o",
                        directory.resolve("x")))
                .isEqualTo(7);
        assertThat(err.toString()).contains("at least 16 bytes");
    }

    @Test
    void convert_changes_format_dtype_and_size_and_tells_the_loss() throws IOException {
        Path tensors = directory.resolve("a.safetensors");
        Path back = directory.resolve("back.npz");
        assertThat(foedus("model", "convert", a, "-o", tensors)).isZero();
        assertThat(foedus("model", "convert", tensors, "-o", back)).isZero();
        assertThat(back).hasSameBinaryContentAs(a);
        Path small = directory.resolve("small.npz");
        assertThat(foedus("model", "convert", a, "--compress", "int8", "--json", "-o", small))
                .isZero();
        assertThat(answer().at("/relativeError").asDouble()).isBetween(1e-5, 1e-2);
        assertThat(foedus("model", "convert", small, "--like", a, "-o", back)).isZero();
        assertThat(foedus("model", "diff", "--tolerance", "0.02", a, back)).isZero();
        assertThat(foedus("model", "convert", a, "--dtype", "f16", "-o", small)).isZero();
        assertThat(Files.size(small)).isLessThan(Files.size(a));
    }

    @Test
    void what_is_wrong_is_said_with_its_own_exit_code() throws IOException {
        assertThat(foedus("model", "inspect", directory.resolve("none.npz"))).isEqualTo(4);
        Path text = Files.writeString(directory.resolve("x.npz"), "not a model");
        assertThat(foedus("model", "inspect", text)).isEqualTo(7);
        assertThat(err.toString()).contains("x.npz is not a model");
        Path made = directory.resolve("made.npz");
        assertThat(foedus("model", "aggregate", "-a", "meen", a, b, "-o", made)).isEqualTo(7);
        assertThat(err.toString()).contains("there is no aggregator 'meen'");
        assertThat(foedus("model", "aggregate", "-a", "krum", a, b, "-o", made)).isEqualTo(7);
        assertThat(err.toString()).contains("needs at least 5 contributions");
        assertThat(foedus("model", "aggregate", "--weights", "1", a, b, "-o", made))
                .isEqualTo(2);
        assertThat(foedus("model", "aggregate", "--weights", "1,-1", a, b, "-o", made))
                .isEqualTo(7);
        assertThat(foedus("model", "convert", a, "--to", "raw", "-o", made)).isEqualTo(7);
        assertThat(made).doesNotExist();
        assertThat(foedus("model")).isEqualTo(2);
    }

    @Test
    void bench_fold_reports_what_it_promises() throws IOException {
        for (String format : List.of("npz", "npz-deflated", "safetensors", "raw32")) {
            assertThat(foedus(
                            "bench", "fold", "--updates", 3, "--size-mb", 1, "--runs", 1, "--format", format, "--json"))
                    .as(err.toString())
                    .isZero();
            for (String field : List.of("seconds", "copySeconds", "heapMb", "residentMb", "digest")) {
                assertThat(answer().has(field)).as(field).isTrue();
            }
        }
        java.util.Set<String> digests = new java.util.HashSet<>();
        for (String format : List.of("npz", "npz-deflated")) {
            assertThat(foedus(
                            "bench",
                            "fold",
                            "--updates",
                            3,
                            "--size-mb",
                            1,
                            "--runs",
                            2,
                            "--last-upload",
                            "--format",
                            format,
                            "--json"))
                    .as(err.toString())
                    .isZero();
            digests.add(answer().at("/digest").asText());
        }
        assertThat(digests).hasSize(1);
        assertThat(foedus("bench", "fold", "--aggregator", "none", "--json")).isEqualTo(7);
    }

    @Test
    void bench_exact_reports_ratios_of_one_run() throws IOException {
        assertThat(foedus("bench", "exact", "--updates", 3, "--size-mb", 1, "--runs", 3, "--json"))
                .as(err.toString())
                .isZero();
        for (String field : List.of("oneDiffersRatio", "toPartialRatio", "partialBytesRatio")) {
            assertThat(answer().path(field).asDouble()).as(field).isPositive();
        }
        assertThat(answer().path("partialBytesRatio").asDouble()).isGreaterThan(1.5);
        assertThat(answer().path("oneDiffersRatio").asDouble())
                .as("one update that differs in every other integer")
                .isLessThan(20);
        assertThat(foedus("bench", "exact", "--updates", 1)).isEqualTo(2);
    }
}
