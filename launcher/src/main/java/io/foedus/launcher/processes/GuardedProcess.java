package io.foedus.launcher.processes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program started by this one, under {@code guard.sh}: it is asked to stop when {@link #stop} is called or this
 * program ends in any way, and killed with all it started when it does not within the grace period. Its output is
 * appended to a log file; the log of the start before is kept beside it as {@code .previous}. Threads may share it.
 */
public final class GuardedProcess {
    private static final String GUARD = guard();

    private final String name;
    private final Process guard;
    private final Path log;
    private final Path pidFile;
    private final Duration grace;

    private GuardedProcess(String name, Process guard, Path log, Path pidFile, Duration grace) {
        this.name = name;
        this.guard = guard;
        this.log = log;
        this.pidFile = pidFile;
        this.grace = grace;
    }

    /**
     * What to start.
     *
     * @param name for people and for the names of log and process id files
     * @param environment variables on top of this program's own
     * @param directory working directory
     * @param logs directory for the log file
     * @param stopSignal the signal that asks the program to end
     * @param grace how long it may take to
     */
    public record Program(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path directory,
            Path logs,
            String stopSignal,
            Duration grace) {
        public Program(String name, List<String> command, Map<String, String> environment, Path directory, Path logs) {
            this(name, command, environment, directory, logs, "TERM", Duration.ofSeconds(10));
        }
    }

    /** Starts the program; returns as soon as its guard runs. */
    public static GuardedProcess start(Program program) {
        try {
            Files.createDirectories(program.directory());
            Files.createDirectories(program.logs());
            Path log = program.logs().resolve(program.name() + ".log");
            if (Files.exists(log)) {
                Files.move(
                        log, log.resolveSibling(log.getFileName() + ".previous"), StandardCopyOption.REPLACE_EXISTING);
            }
            Path pidFile = program.logs().resolve(program.name() + ".pid");
            Files.deleteIfExists(pidFile);
            List<String> command = new ArrayList<>(List.of(
                    "/bin/sh",
                    "-c",
                    GUARD,
                    "foedus-guard",
                    program.stopSignal(),
                    String.valueOf(program.grace().toSeconds()),
                    pidFile.toAbsolutePath().toString()));
            command.addAll(program.command());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(program.directory().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(program.environment());
            return new GuardedProcess(program.name(), builder.start(), log, pidFile, program.grace());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + program.name(), e);
        }
    }

    public String name() {
        return name;
    }

    public Path log() {
        return log;
    }

    public boolean isAlive() {
        return guard.isAlive();
    }

    /** Completes with the program's exit code. */
    public CompletableFuture<Integer> onExit() {
        return guard.onExit().thenApply(Process::exitValue);
    }

    /** The program's own process id, once it runs. */
    public OptionalInt pid() {
        try {
            return OptionalInt.of(Integer.parseInt(Files.readString(pidFile).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /** Ends the program at once, as {@code kill -9} does, and waits until it is gone. */
    public void kill() {
        pid().ifPresent(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        await(grace);
    }

    /** Asks the program to stop; {@link #stop} also waits. */
    public void beginStop() {
        try {
            guard.getOutputStream().close();
        } catch (IOException e) {
            // The guard has gone, and so has the program.
        }
    }

    /** Stops the program and waits until it has gone. */
    public void stop() {
        beginStop();
        await(grace.plusSeconds(3));
    }

    private void await(Duration atMost) {
        try {
            if (!guard.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                guard.descendants().forEach(ProcessHandle::destroyForcibly);
                guard.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Bytes that the program has written to its log. */
    public long logged() {
        return log.toFile().length();
    }

    /** The last lines of the log, for a message that says why the program does not run. */
    public String logTail(int lines) {
        try {
            List<String> all =
                    Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return "";
        }
    }

    private static String guard() {
        try (InputStream script = GuardedProcess.class.getResourceAsStream("guard.sh")) {
            return new String(java.util.Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
