package io.foedus.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.launcher.demo.AdminLogin;
import io.foedus.launcher.demo.DigitsAlliance;
import io.foedus.launcher.processes.DataDirectory;
import io.foedus.launcher.processes.Directories;
import io.foedus.launcher.processes.Distribution;
import io.foedus.launcher.processes.GuardedProcess;
import io.foedus.launcher.processes.Ports;
import io.foedus.launcher.processes.Secrets;
import io.foedus.launcher.servers.Installation;
import io.foedus.launcher.servers.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** PostgreSQL, a controller and a combiner, with an alliance that has a package and a seed model. */
final class BenchFederation implements AutoCloseable {
    private static final String ALLIANCE = "/api/alliances/bench";
    private static final long PAUSE_MILLIS = 200;

    private final Path directory;
    private final Installation installation;
    private final ControllerClient controller;
    private final GuardedProcess controllerProcess;
    private final GuardedProcess combinerProcess;

    /**
     * Starts the servers; returns when they are ready.
     *
     * @param combinerHeap megabytes
     * @param capacity most clients of the combiner
     */
    BenchFederation(int combinerHeap, int capacity) {
        directory = temporary();
        installation = new Installation(DataDirectory.open(directory.resolve("data")), Distribution.find());
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-bench"));
        DataDirectory data = installation.data();
        Map<String, String> environment =
                new HashMap<>(installation.startDatabase(0).environment());
        environment.put(
                "FOEDUS_BOOTSTRAP_PASSWORD_FILE", AdminLogin.passwordFile(data).toString());
        Installation.Endpoint at = new Installation.Endpoint("controller", "127.0.0.1", Ports.anyFree());
        Installation.Endpoint combinerAt = new Installation.Endpoint("combiner", "127.0.0.1", Ports.anyFree());
        Path combinerToken = data.secret("combiner-join-token");
        controllerProcess = installation.startController(at, environment);
        combinerProcess = installation.startCombiner(
                combinerAt,
                0,
                at.uri(),
                combinerToken,
                Map.of("FOEDUS_COMBINER_CAPACITY", String.valueOf(capacity)),
                combinerHeap);
        Readiness.await(controllerProcess, at.uri(), Installation.PATIENCE);
        controller = AdminLogin.at(at.uri(), data);
        Secrets.write(combinerToken, DigitsAlliance.newCombinerToken(controller));
        Readiness.await(combinerProcess, combinerAt.uri(), Installation.PATIENCE);
    }

    /** Called with the token of an admin. */
    ControllerClient controller() {
        return controller;
    }

    /** A folder that is gone afterwards. */
    Path directory() {
        return directory;
    }

    long combinerPid() {
        return pid(combinerProcess);
    }

    long controllerPid() {
        return pid(controllerProcess);
    }

    private static long pid(GuardedProcess process) {
        return process.pid()
                .orElseThrow(() ->
                        new Failure(ExitCode.FAILURE, process.name() + " has ended", "Read " + process.log() + "."));
    }

    /** Makes the alliance with a package and this seed model. */
    void makeAlliance(byte[] model) {
        controller.post("/api/alliances", Json.object().put("name", "bench").put("title", "Benchmark"));
        try {
            Path archive = directory.resolve("bench.zip");
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
                zip.putNextEntry(new ZipEntry("fedn.yaml"));
                zip.write("entry_points:\n  train:\n    command: cp\n  validate:\n    command: cp\n"
                        .getBytes(StandardCharsets.UTF_8));
            }
            controller.postFile(ALLIANCE + "/packages?name=bench&fileName=bench.zip", archive);
            Path seed = Files.write(directory.resolve("seed.safetensors"), model);
            controller.postFile(ALLIANCE + "/models?name=seed&format=safetensors", seed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String newJoinToken() {
        return controller
                .post(
                        "/api/tokens",
                        Json.object()
                                .put("kind", "JOIN")
                                .put("alliance", "bench")
                                .put("name", "bench"))
                .path("token")
                .asText();
    }

    /** Trains without validations and returns the rounds when the session has ended. */
    List<JsonNode> train(int rounds, int clients) {
        ObjectNode plan = Json.object()
                .put("rounds", rounds)
                .put("minClients", clients)
                .put("validateEvery", 0)
                .put("deadlineSeconds", 300);
        ObjectNode wish = Json.object().put("start", true);
        wish.set("plan", plan);
        String path = ALLIANCE + "/sessions/"
                + controller.post(ALLIANCE + "/sessions", wish).path("id").asText();
        awaitEnd(path);
        return controller.list(path + "/rounds", Integer.MAX_VALUE);
    }

    /** Looked at from outside, seldom, so that looking costs the rounds nothing. */
    private void awaitEnd(String path) {
        while (true) {
            JsonNode session = controller.get(path);
            switch (session.path("state").asText()) {
                case "FINISHED" -> {
                    return;
                }
                case "FAILED", "CANCELLED" ->
                    throw new Failure(
                            ExitCode.FAILURE,
                            "the session " + session.path("state").asText() + ": "
                                    + session.path("reason").asText(),
                            "Read the logs in " + installation.data().logs() + " before they go.");
                default -> pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.FAILURE, "interrupted", "", e);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("foedus-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops everything and removes the folder; safe to call twice. */
    @Override
    public void close() {
        installation.close();
        Directories.delete(directory);
    }
}
