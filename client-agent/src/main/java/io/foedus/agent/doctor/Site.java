package io.foedus.agent.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.state.Identity;
import io.foedus.agent.state.StateDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The machine that an agent runs on, and its way to the controller. */
public final class Site {
    private static final long DISK = 2_000_000_000L;
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final int CONNECT_MILLIS = 3000;

    private final Connection at;
    private final Path state;
    private final Clock clock;

    public Site(Connection at, Path state, Clock clock) {
        this.at = at;
        this.state = state;
        this.clock = clock;
    }

    /** Looks at everything; blocks for as long as servers take to answer. */
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(java(Runtime.version().feature()));
        findings.add(shell());
        findings.add(python());
        findings.add(stateDirectory());
        findings.add(disk());
        Optional<Identity> identity = identity(findings);
        controller(findings, identity);
        return findings;
    }

    static Finding java(int version) {
        return version >= 17
                ? Finding.ok("Java", String.valueOf(version))
                : Finding.fail("Java", String.valueOf(version), "Install Java 17 or later and put it first on PATH.");
    }

    private static Finding shell() {
        if (!answers("sh", "-c", "true")) {
            return Finding.fail("shell", "sh is not found", "Install a POSIX shell; entry points run in it.");
        }
        return answers("bash", "-c", "true") && answers("setsid", "true")
                ? Finding.ok("shell", "bash, setsid")
                : Finding.warn(
                        "shell",
                        "bash or setsid is missing",
                        "Install bash and util-linux: packages may use bash, and setsid lets the agent end all that they start.");
    }

    private static Finding python() {
        return answers("python3", "-c", "import venv, ensurepip")
                ? Finding.ok("Python", "python3 with venv and pip")
                : Finding.warn(
                        "Python",
                        "no python3 that can make virtual environments",
                        "Only packages with python_env need it: apt-get install python3-venv, or give --python.");
    }

    private Finding stateDirectory() {
        Path existing = existing();
        if (!Files.isWritable(existing)) {
            return Finding.fail(
                    "state directory",
                    existing + " is not writable for " + System.getProperty("user.name"),
                    "Give --state-dir DIR, or change its owner.");
        }
        try {
            boolean open = existing.equals(state)
                    && existing.getFileSystem().supportedFileAttributeViews().contains("posix")
                    && !PosixFilePermissions.toString(Files.getPosixFilePermissions(existing))
                            .endsWith("------");
            return open
                    ? Finding.warn(
                            "state directory",
                            state + " can be read by others, and holds the agent's token",
                            "Run: chmod 700 " + state)
                    : Finding.ok("state directory", existing.equals(state) ? state.toString() : state + ", to be made");
        } catch (IOException e) {
            return Finding.fail("state directory", "cannot look at " + state + ": " + e, "Give another --state-dir.");
        }
    }

    private Finding disk() {
        Path existing = existing();
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            String seen = String.format(Locale.ROOT, "%.1f GB free at %s", free / 1e9, existing);
            return free < DISK
                    ? Finding.warn(
                            "disk", seen, "Models, updates and environments need room; free some or move --state-dir.")
                    : Finding.ok("disk", seen);
        } catch (IOException e) {
            return Finding.fail("disk", "cannot look at " + existing + ": " + e, "Give another --state-dir.");
        }
    }

    private Path existing() {
        Path path = state;
        while (Files.notExists(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }

    private Optional<Identity> identity(List<Finding> findings) {
        try {
            Optional<Identity> identity = StateDirectory.identityIn(state);
            findings.add(identity.map(known -> Finding.ok("identity", known.toString()))
                    .orElseGet(() -> Finding.ok("identity", "has not joined yet")));
            return identity;
        } catch (Failure e) {
            findings.add(Finding.fail("identity", e.sentence(), e.remedy()));
            return Optional.empty();
        }
    }

    private void controller(List<Finding> findings, Optional<Identity> identity) {
        ControllerClient controller;
        try {
            controller = at.openAnonymously();
            Optional<String> date = controller.date();
            findings.add(Finding.ok("controller", "answers at " + controller.base()));
            date.ifPresent(told -> findings.add(clock(told)));
        } catch (Failure e) {
            boolean none = e.exitCode() == ExitCode.CONFIGURATION && identity.isEmpty();
            findings.add(
                    none
                            ? Finding.warn("controller", e.sentence(), e.remedy())
                            : Finding.fail("controller", e.sentence(), e.remedy()));
            return;
        }
        try {
            if (identity.isPresent()) {
                placement(findings, controller.withToken(identity.get().agentToken()), identity.get());
            } else if (at.tokenIfAny().isPresent()) {
                JsonNode me = controller.withToken(at.token()).get("/api/me");
                findings.add(Finding.ok(
                        "token",
                        me.path("kind").asText() + " " + me.path("name").asText()));
            } else {
                findings.add(Finding.warn(
                        "token",
                        "there is none yet",
                        "An agent joins with --token-file FILE; `foedus token create agents --kind JOIN` makes one."));
            }
        } catch (Failure e) {
            findings.add(Finding.fail("token", e.sentence(), e.remedy()));
        }
    }

    private void placement(List<Finding> findings, ControllerClient asAgent, Identity identity) {
        JsonNode place = asAgent.post("/api/clients/" + identity.clientId() + "/placements", Json.object());
        findings.add(Finding.ok(
                "token", "counts, in the alliance " + place.path("alliance").asText()));
        JsonNode combiner = place.path("combiner");
        String host = combiner.path("host").asText();
        int port = combiner.path("port").asInt();
        findings.add(combiner(combiner.path("name").asText(), host, port));
    }

    static Finding combiner(String name, String host, int port) {
        String address = host + ":" + port;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            return Finding.ok("combiner", name + " takes connections at " + address);
        } catch (IOException e) {
            return Finding.fail(
                    "combiner",
                    name + " at " + address + " cannot be reached: " + e.getMessage(),
                    "Open the way out to that host and port; agents need no way in.");
        }
    }

    private Finding clock(String told) {
        try {
            Duration skew = Duration.between(
                            ZonedDateTime.parse(told, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant(),
                            clock.instant())
                    .abs();
            return skew.compareTo(SKEW) > 0
                    ? Finding.warn(
                            "clock",
                            skew.toSeconds() + " s away from the controller's",
                            "Let NTP set it; certificates and tickets have dates.")
                    : Finding.ok("clock", "within " + SKEW.toSeconds() + " s of the controller's");
        } catch (DateTimeParseException e) {
            return Finding.warn("clock", "the controller's cannot be read: " + told, "Look at a proxy in between.");
        }
    }

    private static boolean answers(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
