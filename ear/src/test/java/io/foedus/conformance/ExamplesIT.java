package io.foedus.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.console.Json;
import io.foedus.conformance.Python.Answer;
import io.foedus.federation.Alliance;
import io.foedus.federation.CommandLine;
import io.foedus.federation.Federation;
import io.foedus.federation.SessionRun;
import io.foedus.federation.SharedFederation;
import io.foedus.federation.Site;
import io.foedus.launcher.demo.DigitsFiles;
import io.foedus.launcher.processes.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    /** Each site builds the environment that the package's {@code python_env} lists; nothing is installed there. */
    @Test
    void scikit_learn_in_an_environment_of_the_package(Federation federation) throws Exception {
        Python data = learning();
        Example example = new Example(federation, "digits-sklearn");
        example.script(data, ".", "partition.py", "--sites", "2").script(data, "client", "model.py");

        example.train("seed.npz", "digits.npz", "python3", "test_accuracy", 0.85);
    }

    @Test
    void keras(Federation federation) throws Exception {
        Python python = learning();
        Example example = new Example(federation, "mnist-keras");
        example.script(python, ".", "partition.py", "--sites", "2", "--source", "digits")
                .script(python, "client", "model.py");

        example.train("seed.npz", "mnist.npz", python.program(), "test_accuracy", 0.5);
    }

    @Test
    void pytorch_of_the_machine(Federation federation) throws Exception {
        Python torch = Python.that("import torch, numpy").orElse(null);
        if (torch == null) {
            skip("no Python here has torch and numpy; on Debian: apt-get install python3-torch");
            return;
        }
        Example example = new Example(federation, "mnist-pytorch");
        example.script(learning(), ".", "partition.py", "--sites", "2", "--source", "digits")
                .script(torch, "client", "model.py");

        example.train("seed.npz", "mnist.npz", torch.program(), "test_accuracy", 0.8);
    }

    /** A model is a black box: raw doubles, trained by a program that each site compiles for itself. */
    @Test
    void a_program_in_cpp(Federation federation) throws Exception {
        Example example = new Example(federation, "digits-cpp");
        String digits = EXAMPLES.resolve("digits/digits.csv").toString();
        example.run(".", "sh", "partition.sh", digits, "2");
        example.run("client", "c++", "-std=c++17", "-O2", "-o", "digits", "digits.cpp");
        example.run("client", "./digits", "build", "../seed.bin");

        example.train("seed.bin", "digits.csv", "c++", "test_accuracy", 0.8);
    }

    @Test
    void a_program_in_java(Federation federation) {
        Alliance alliance = federation.alliance("example-digits");
        DigitsFiles files = DigitsFiles.prepared(Distribution.find().digits(), alliance.files(), SITES);
        alliance.uploadPackage(files.archive());
        alliance.uploadSeed(files.seed());
        for (int i = 1; i <= SITES; i++) {
            String agent = "agent-" + i;
            sites.add(alliance.site(agent)
                    .with("DIGITS_DATA", files.partition(agent).toString())
                    .start());
        }

        rises("digits", alliance.start(Json.object().put("rounds", ROUNDS).put("minClients", SITES)), "accuracy", 0.5);
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
        private final Map<String, String> login;

        Example(Federation federation, String name) throws IOException {
            this.name = name;
            alliance = federation.alliance("example-" + name);
            folder = alliance.files().resolve(name);
            copy(EXAMPLES.resolve(name), folder);
            String token = federation
                    .admin()
                    .post("/api/tokens", Json.object().put("kind", "USER").put("name", name))
                    .path("token")
                    .asText();
            login = Map.of(
                    "FOEDUS_CONTROLLER",
                    federation.controller().uri().toString(),
                    "FOEDUS_TOKEN",
                    token,
                    "FOEDUS_ALLIANCE",
                    alliance.name());
        }

        Example script(Python python, String in, String... command) {
            List<String> all = new ArrayList<>(List.of(python.program()));
            all.addAll(List.of(command));
            return run(in, all.toArray(String[]::new));
        }

        Example run(String in, String... command) {
            Answer answer = Python.run(Map.of(), folder.resolve(in), SCRIPT, command);
            if (!answer.ok()) {
                throw new AssertionError(String.join(" ", command) + ": " + answer.output());
            }
            return this;
        }

        /**
         * The steps of every README: package, seed, agents, session.
         *
         * @param data name of a site's data file
         * @param program what the package runs must be first on the agents' PATH
         */
        void train(String seed, String data, String program, String metric, double floor) throws IOException {
            String archive = folder.resolve("package.tgz").toString();
            foedus("package", "create", "--path", folder.resolve("client").toString(), "--output", archive);
            foedus("package", "upload", archive);
            List<String> upload = new ArrayList<>(
                    List.of("model", "upload", folder.resolve(seed).toString()));
            if (seed.endsWith(".bin")) {
                upload.addAll(List.of("--format", "raw"));
            }
            foedus(upload.toArray(String[]::new));
            for (int i = 1; i <= SITES; i++) {
                Path own = folder.resolve("data").resolve(String.valueOf(i)).resolve(data);
                sites.add(alliance.site("site-" + i)
                        .with("FEDN_DATA_PATH", own.toString())
                        .with("PATH", new Python(program).path())
                        .start());
            }
            Awaitility.await("all sites attend")
                    .atMost(ENVIRONMENT)
                    .until(() -> sites.stream()
                            .allMatch(site -> site.agent().logText().contains("attached combiner=")));
            JsonNode session = Json.read(
                    foedus("session", "start", "--rounds", "" + ROUNDS, "--min-clients", "" + SITES, "--json"));
            rises(name, alliance.session(session.path("id").asText()), metric, floor);
        }

        private String foedus(String... arguments) {
            CommandLine.Answer answer = CommandLine.foedus(login, arguments);
            if (answer.exitCode() != 0) {
                throw new AssertionError("foedus " + String.join(" ", arguments) + ": " + answer.err());
            }
            return answer.out();
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
