package io.foedus.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.console.Json;
import io.foedus.conformance.Python.Answer;
import io.foedus.federation.Alliance;
import io.foedus.federation.CommandLine;
import io.foedus.federation.Federation;
import io.foedus.federation.Full;
import io.foedus.federation.SessionRun;
import io.foedus.federation.SharedFederation;
import io.foedus.federation.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The examples as their READMEs say: data dealt out, seed model made, package created and uploaded by the command line,
 * one agent per site, a session. Real training on the 1,797 digits; accuracies go to {@code target/examples.txt}.
 */
@ExtendWith(SharedFederation.class)
class ExamplesIT {
    private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();
    private static final int SITES = 2;
    private static final int ROUNDS = 3;
    private static final Duration SCRIPT = Duration.ofMinutes(2);
    private static final Duration ENVIRONMENT = Duration.ofMinutes(6);
    private static final List<String> SEEN = new ArrayList<>();

    private final List<Site> sites = new ArrayList<>();

    @AfterEach
    void stopAgents() {
        sites.forEach(site -> site.agent().stop());
    }

    @AfterAll
    static void publish() throws IOException {
        Files.writeString(Path.of("target/examples.txt"), String.join("\n", SEEN) + "\n");
    }

    /**
     * Each site builds the environment that the package's {@code python_env} lists; nothing is installed there. The
     * trained model is also asked for its labels, by the entry point {@code predict}.
     */
    @Full
    @Test
    void scikit_learn_in_an_environment_of_the_package(Federation federation) throws Exception {
        Example example = new Example(federation, "digits-sklearn", "python3");
        example.script(learning(), "partition.py", "--sites", "2");

        JsonNode best = example.train("seed.npz", "FEDN_DATA_PATH=data/%d/digits.npz", "test_accuracy", 0.85);
        assertThat(example.predict(best, "data/1/digits.npz").path("labels")).hasSize(360);
    }

    @Full
    @Test
    void keras(Federation federation) throws Exception {
        Python python = learning();
        Example example = new Example(federation, "mnist-keras", python.program());
        example.script(python, "partition.py", "--sites", "2", "--source", "digits");

        example.train("seed.npz", "FEDN_DATA_PATH=data/%d/mnist.npz", "test_accuracy", 0.5);
    }

    @Full
    @Test
    void pytorch_of_the_machine(Federation federation) throws Exception {
        Python torch = Python.that("import torch, numpy").orElse(null);
        if (torch == null) {
            skip("no Python here has torch and numpy; on Debian: apt-get install python3-torch");
            return;
        }
        Example example = new Example(federation, "mnist-pytorch", torch.program());
        example.script(learning(), "partition.py", "--sites", "2", "--source", "digits");

        example.train("seed.npz", "FEDN_DATA_PATH=data/%d/mnist.npz", "test_accuracy", 0.8);
    }

    /** A model is a black box: raw doubles, trained by a program that each site compiles for itself. */
    @Full
    @Test
    void a_program_in_cpp(Federation federation) throws Exception {
        Example example = new Example(federation, "digits-cpp", "c++");
        String digits = EXAMPLES.resolve("digits/digits.csv").toString();
        example.run("sh", "partition.sh", digits, "2");

        example.train("seed.bin", "FEDN_DATA_PATH=data/%d/digits.csv", "test_accuracy", 0.8);
    }

    @Test
    void a_program_in_java(Federation federation) throws Exception {
        Example example = new Example(federation, "digits", "java");
        example.run("java", "client/Digits.java", "partition", "digits.csv", "2", "data");

        example.train("seed.npz", "DIGITS_DATA=data/agent-%d", "accuracy", 0.5);
    }

    private static Python learning() {
        try {
            return Python.forFedn()
                    .with(Path.of("target/examples-venv").toAbsolutePath(), "numpy", "keras", "jax", "scikit-learn");
        } catch (Python.NotHere reason) {
            skip(reason.reason());
            throw new IllegalStateException(reason);
        }
    }

    private static void skip(String reason) {
        System.out.println("An example is skipped: " + reason);
        Assumptions.abort(reason);
    }

    /** Waits for the session, prints the accuracies of its rounds and requires them to rise, above a floor. */
    private static void rises(String example, SessionRun run, String metric, double floor) {
        run.awaitFinish();
        List<Double> accuracies = run.completedRounds().stream()
                .map(round ->
                        round.path("metrics").path(metric).path("weightedMean").asDouble())
                .toList();
        String line = String.format(Locale.ROOT, "%-15s accuracy after each round: ", example)
                + accuracies.stream()
                        .map(accuracy -> String.format(Locale.ROOT, "%.3f", accuracy))
                        .collect(Collectors.joining(" "));
        System.out.println(line);
        SEEN.add(line);
        assertThat(accuracies).hasSize(ROUNDS);
        assertThat(accuracies.get(ROUNDS - 1)).isGreaterThan(accuracies.get(0)).isGreaterThan(floor);
    }

    /** A copy of an example's folder, and an alliance to train it in. */
    private final class Example {
        private final String name;
        private final Alliance alliance;
        private final Path folder;
        private final String path;
        private final Map<String, String> environment;

        /** @param program what the package runs; it comes first on PATH */
        Example(Federation federation, String name, String program) throws IOException {
            this.name = name;
            alliance = federation.alliance("example-" + name);
            folder = alliance.files().resolve(name);
            copy(EXAMPLES.resolve(name), folder);
            String token = federation
                    .admin()
                    .post("/api/tokens", Json.object().put("kind", "USER").put("name", name))
                    .path("token")
                    .asText();
            path = new Python(program).path();
            environment = Map.of(
                    "PATH",
                    path,
                    "FOEDUS_CONTROLLER",
                    federation.controller().uri().toString(),
                    "FOEDUS_TOKEN",
                    token,
                    "FOEDUS_ALLIANCE",
                    alliance.name());
        }

        void script(Python python, String... command) {
            List<String> all = new ArrayList<>(List.of(python.program()));
            all.addAll(List.of(command));
            run(all.toArray(String[]::new));
        }

        void run(String... command) {
            Answer answer = Python.run(Map.of(), folder, SCRIPT, command);
            if (!answer.ok()) {
                throw new AssertionError(String.join(" ", command) + ": " + answer.output());
            }
        }

        /**
         * The steps of every README: seed, package, agents, session.
         *
         * @param data variable that names the data of site {@code %d}, and where it is
         * @return the last round
         */
        JsonNode train(String seed, String data, String metric, double floor) {
            String client = folder.resolve("client").toString();
            String archive = folder.resolve("package.tgz").toString();
            foedus(Map.of(), "package", "run", "build", "--path", client);
            foedus(Map.of(), "package", "create", "--path", client, "--output", archive);
            foedus(Map.of(), "package", "upload", archive);
            List<String> upload = new ArrayList<>(
                    List.of("model", "upload", folder.resolve(seed).toString()));
            if (seed.endsWith(".bin")) {
                upload.addAll(List.of("--format", "raw"));
            }
            foedus(Map.of(), upload.toArray(String[]::new));
            String[] variable = data.split("=", 2);
            for (int i = 1; i <= SITES; i++) {
                Path own = folder.resolve(String.format(Locale.ROOT, variable[1], i));
                sites.add(alliance.site("site-" + i)
                        .with(variable[0], own.toString())
                        .with("PATH", path)
                        .start());
            }
            Awaitility.await("all sites attend")
                    .atMost(ENVIRONMENT)
                    .until(() -> sites.stream()
                            .allMatch(site -> site.agent().logText().contains("attached combiner=")));
            String started = foedus(
                    Map.of(), "session", "start", "--rounds", "" + ROUNDS, "--min-clients", "" + SITES, "--json");
            SessionRun run = alliance.session(parsed(started).path("id").asText());
            rises(name, run, metric, floor);
            return run.completedRounds().get(ROUNDS - 1);
        }

        /** What the entry point {@code predict} says of a round's model and a site's data. */
        JsonNode predict(JsonNode round, String data) throws IOException {
            String model = folder.resolve("best.npz").toString();
            String answers = folder.resolve("labels.json").toString();
            Map<String, String> own =
                    Map.of("FEDN_DATA_PATH", folder.resolve(data).toString());
            foedus(Map.of(), "model", "download", round.path("model").asText(), "--output", model);
            String client = folder.resolve("client").toString();
            foedus(own, "package", "run", "predict", model, answers, "--path", client);
            return parsed(Files.readString(Path.of(answers)));
        }

        private String foedus(Map<String, String> more, String... arguments) {
            Map<String, String> all = new HashMap<>(environment);
            all.putAll(more);
            CommandLine.Answer answer = CommandLine.foedus(all, arguments);
            if (answer.exitCode() != 0) {
                throw new AssertionError("foedus " + String.join(" ", arguments) + ": " + answer.err());
            }
            return answer.out();
        }
    }

    private static JsonNode parsed(String json) {
        try {
            return Json.read(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + json, e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
