package io.foedus.conformance;

import io.foedus.agent.console.Json;
import io.foedus.launcher.processes.GuardedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A site with one of FEDn's clients, and the file that tells the package of these tests what to do there. */
final class FednSite implements AutoCloseable {
    private final FednLab lab;
    private final String name;
    private final String id = UUID.randomUUID().toString();
    private final Map<String, Object> place = new HashMap<>();
    private @Nullable GuardedProcess client;

    FednSite(FednLab lab, String name, double shift, int examples) {
        this.lab = lab;
        this.name = name;
        say("shift", shift).say("examples", examples);
    }

    /** The folder in which the client runs. */
    Path folder() {
        return lab.folder().resolve(name);
    }

    /** The file that {@code FEDN_DATA_PATH} names. */
    Path data() {
        return folder().resolve("place.json");
    }

    /** Changes what the package finds at this site: {@code shift, examples, seconds, fails, blind}. */
    FednSite say(String key, Object value) {
        try {
            place.put(key, value);
            Files.createDirectories(folder());
            Files.writeString(data(), Json.line(place));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code fedn client start} with these options beside address, token, name and id. */
    FednSite start(String... options) {
        List<String> command = new ArrayList<>(List.of("fedn", "client", "start"));
        if (!List.of(options).contains("--init")) {
            command.addAll(List.of("--api-url", lab.url(), "--token", lab.joinToken()));
        }
        command.addAll(List.of("--name", name, "--client-id", id));
        command.addAll(List.of(options));
        return run(command);
    }

    /** A Python script of these tests, called with the address, the client's id and its name. */
    FednSite script(String script) {
        return script(script, id, name);
    }

    /** A Python script of these tests, called with the address and these arguments. */
    FednSite script(String script, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("python3", lab.resource(script).toString(), lab.url() + "/"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private FednSite run(List<String> command) {
        Map<String, String> environment = new HashMap<>(lab.python().environment());
        environment.put("FEDN_DATA_PATH", data().toString());
        environment.put("FEDN_AUTH_TOKEN", lab.joinToken());
        environment.put("PYTHONUNBUFFERED", "1");
        environment.put("PYTHONPATH", lab.resource("package").toString());
        List<String> called = new ArrayList<>(command);
        called.set(0, lab.python().beside(command.get(0)));
        client = GuardedProcess.start(new GuardedProcess.Program(
                lab.alliance().name() + "-" + name,
                called,
                environment,
                folder(),
                lab.alliance().federation().home().resolve("logs")));
        return this;
    }

    private GuardedProcess client() {
        return Objects.requireNonNull(client, name + " was never started");
    }

    /** Waits until the client has logged a text since its start. */
    FednSite await(String text) {
        Awaitility.await(name + " logs '" + text + "'").until(() -> log().contains(text));
        return this;
    }

    /** What the client has logged since its start. */
    String log() {
        try {
            return Files.readString(client().log(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the end of the client's process. */
    int exitCode() {
        Awaitility.await(name + " ends").until(() -> client().onExit().isDone());
        return client().onExit().join();
    }

    boolean isAlive() {
        return client().isAlive();
    }

    /** How often the package's {@code train} has been run here. */
    long trainings() {
        try {
            Path calls = data().resolveSibling("place.json.calls");
            return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.stop();
        }
    }
}
