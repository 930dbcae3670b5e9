package io.foedus.federation;

import io.foedus.launcher.processes.GuardedProcess;
import io.foedus.launcher.servers.Installation;
import io.foedus.launcher.servers.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process of a federation that can be killed and started again: same name, same ports, same files. Threads may share
 * it.
 */
public final class Member {
    private final String name;
    private final Optional<URI> uri;
    private final Supplier<GuardedProcess> starter;
    private @Nullable GuardedProcess process;

    /**
     * A member that does not run yet.
     *
     * @param uri where a server serves {@code /health}; empty for a program that listens to nobody
     * @param starter starts the program and returns at once
     */
    Member(String name, Optional<URI> uri, Supplier<GuardedProcess> starter) {
        this.name = name;
        this.uri = uri;
        this.starter = starter;
    }

    public String name() {
        return name;
    }

    /** Where a server is reached by HTTP. */
    public URI uri() {
        return uri.orElseThrow(() -> new IllegalStateException(name + " is not a server"));
    }

    /** Starts the program; {@link #awaitReady} tells when a server is of use. */
    public synchronized Member start() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException(name + " runs already");
        }
        process = starter.get();
        return this;
    }

    /** Waits until a server says that it is ready; returns at once for other programs. */
    public Member awaitReady() {
        uri.ifPresent(at -> Readiness.await(process(), at, Installation.PATIENCE));
        return this;
    }

    /** Ends the program as {@code kill -9} does and returns when it has gone. */
    public void kill9() {
        process().kill();
    }

    /** Asks the program to end (SIGTERM) and returns when it has gone. */
    public void stop() {
        process().stop();
    }

    /** Stops the program if it runs, starts it again and waits until it is ready. */
    public void restart() {
        if (isAlive()) {
            stop();
        }
        start().awaitReady();
    }

    /** Sends a signal, such as {@code STOP} and {@code CONT}, to the program and all it started. */
    public void signal(String signal) {
        int pid = process().pid().orElseThrow(() -> new IllegalStateException(name + " does not run"));
        CommandLine.Answer answer = CommandLine.run("kill", "-s", signal, "--", "-" + pid);
        if (answer.exitCode() != 0) {
            throw new IllegalStateException("kill -s " + signal + " of " + name + ": " + answer.err());
        }
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Completes with the exit code when the program, as it runs now, has ended. */
    public CompletableFuture<Integer> onExit() {
        return process().onExit();
    }

    public Path log() {
        return process().log();
    }

    /** All that the program has written since its last start. */
    public String logText() {
        try {
            return Files.readString(log(), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized GuardedProcess process() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }
}
