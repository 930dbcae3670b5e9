package io.foedus.launcher.servers;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.launcher.processes.GuardedProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a server to say that it is ready. Watching from outside has no other means than to ask again. */
public final class Readiness {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private Readiness() {}

    /**
     * Returns when {@code /health/ready} at the address answers 200; fails when the process ends, or when its start
     * stands still.
     *
     * @param patience longest time in which a start must come on by a step
     */
    public static void await(GuardedProcess process, URI server, Duration patience) {
        Startup startup = new Startup(patience);
        long begun = System.nanoTime();
        while (true) {
            startup.sees(phase(server), process.logged(), since(begun));
            if (startup.isReady()) {
                return;
            }
            if (pauseOrEnd(process)) {
                throw failure(process, "ended while it started");
            }
            if (startup.standsStill(since(begun))) {
                throw failure(
                        process, "did not get ready: nothing new happened for " + patience.toSeconds() + " seconds");
            }
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    public static boolean isReady(URI server) {
        return phase(server) == Startup.Phase.READY;
    }

    private static Startup.Phase phase(URI server) {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
            return switch (answer.statusCode()) {
                case 200 -> Startup.Phase.READY;
                case 503 -> Door.answered(answer.body()) ? Startup.Phase.LISTENING : Startup.Phase.ANSWERING;
                default -> Startup.Phase.LISTENING;
            };
        } catch (IOException e) {
            return Startup.Phase.SILENT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.FAILURE, "interrupted", "", e);
        }
    }

    /** Lets a moment pass; true when the process ended in it. */
    private static boolean pauseOrEnd(GuardedProcess process) {
        try {
            process.onExit().get(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new Failure(ExitCode.FAILURE, "interrupted while " + process.name() + " started", "", e);
        }
    }

    private static Failure failure(GuardedProcess process, String what) {
        List<String> telling = process.logTail(400)
                .lines()
                .filter(line -> line.contains("SEVERE") || line.contains("Exception") || line.contains("FATAL"))
                .map(line -> line.length() > 300 ? line.substring(0, 300) + "…" : line)
                .limit(3)
                .toList();
        String said = telling.isEmpty() ? process.logTail(5) : String.join("\n", telling);
        return new Failure(
                ExitCode.FAILURE,
                process.name() + " " + what + (said.isBlank() ? "" : ":\n" + said),
                "Read " + process.log() + ", and run `foedus doctor`.");
    }
}
