package io.foedus.ui;

import io.foedus.agent.controller.ControllerClient;
import io.foedus.federation.CommandLine;
import io.foedus.federation.Federation;
import io.foedus.launcher.processes.Directories;
import io.foedus.launcher.processes.Ports;
import io.foedus.launcher.processes.Secrets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code foedus demo}, when its session has ended and its UI is up. Closing it stops a demo that was started here. */
record DemoRun(URI uri, Path data, @Nullable Process process) implements AutoCloseable {
    private static final int USUAL_PORT = 8790;
    private static final String READY = "The UI is at";

    /** The demo whose data directory {@code FOEDUS_DEMO} names, else one of its own. */
    static DemoRun findOrStart(int agents, int rounds, int combiners) {
        String running = System.getenv("FOEDUS_DEMO");
        return running == null
                ? start(agents, rounds, combiners)
                : new DemoRun(address(USUAL_PORT), Path.of(running), null);
    }

    private static DemoRun start(int agents, int rounds, int combiners) {
        Path data = Federation.home("pictures");
        Directories.delete(data);
        int port = Ports.anyFree();
        String[] demo = {
            "demo",
            "--agents",
            "" + agents,
            "--rounds",
            "" + rounds,
            "--combiners",
            "" + combiners,
            "--port",
            "" + port,
            "--data",
            data.toString()
        };
        try {
            Process process = new ProcessBuilder(CommandLine.command(demo))
                    .redirectErrorStream(true)
                    .start();
            awaitUi(process);
            return new DemoRun(address(port), data, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URI address(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Reads what the demo says until its session has ended; a demo that ends before is a failure. */
    private static void awaitUi(Process process) throws IOException {
        StringBuilder said = new StringBuilder();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(READY)) {
                return;
            }
            said.append(line).append('\n');
        }
        throw new IllegalStateException("the demo ended:\n" + said);
    }

    /** Called as the demo's admin. */
    ControllerClient admin() {
        return new ControllerClient(uri, secret("admin-token"), Optional.empty());
    }

    String password() {
        return secret("admin-password");
    }

    private String secret(String name) {
        return Secrets.read(data.resolve("secrets").resolve(name));
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            process.onExit().join();
        }
    }
}
