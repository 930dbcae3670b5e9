package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.controller.ControllerException;
import io.foedus.agent.transfer.Retry;
import io.foedus.core.liveness.Backoff;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Follows a session: looks when the controller's event stream says that something happened, and now and then anyway. A
 * controller that is away is waited for.
 */
final class SessionWatch {
    private static final Set<String> OVER = Set.of("FINISHED", "FAILED", "CANCELLED");
    private static final long ANYWAY_SECONDS = 10;

    private final ControllerClient controller;
    private final String events;
    private final String session;
    private final Output out;
    private final Semaphore news = new Semaphore(0);
    private final Set<String> shown = new HashSet<>();
    private final Backoff away = Retry.backoff(RandomGenerator.getDefault());

    /**
     * A watch.
     *
     * @param events path of the alliance's event stream
     * @param session path of the session
     */
    SessionWatch(ControllerClient controller, String events, String session, Output out) {
        this.controller = controller;
        this.events = events;
        this.session = session;
        this.out = out;
    }

    /** Blocks until the session is over. */
    ExitCode untilEnd() throws InterruptedException {
        Thread listener = new Thread(this::listen, "events");
        listener.setDaemon(true);
        listener.start();
        while (true) {
            try {
                JsonNode now = controller.get(session);
                showEnded();
                away.recovered();
                String state = now.path("state").asText();
                if (OVER.contains(state)) {
                    String reason = now.path("reason").asText("");
                    out.say("session " + state + (reason.isEmpty() || reason.equals("null") ? "" : ": " + reason));
                    return state.equals("FINISHED") ? ExitCode.OK : ExitCode.FAILURE;
                }
            } catch (Failure e) {
                waitOut(e);
                continue;
            }
            news.tryAcquire(ANYWAY_SECONDS, TimeUnit.SECONDS);
            news.drainPermits();
        }
    }

    /** Says once that the controller is away, and waits before the next look. */
    private void waitOut(Failure e) throws InterruptedException {
        if (!e.mayPass()) {
            throw e;
        }
        if (away.failures() == 0) {
            out.err().println("waiting: " + e.sentence());
            out.err().flush();
        }
        Duration asked =
                e instanceof ControllerException answer ? answer.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
        TimeUnit.MILLISECONDS.sleep(away.next(asked).toMillis());
    }

    /** Shows the rounds that ended since the last look; the controller lists the newest first. */
    private void showEnded() {
        List<JsonNode> rounds = new ArrayList<>(controller.list(session + "/rounds", Integer.MAX_VALUE));
        Collections.reverse(rounds);
        rounds.forEach(this::show);
    }

    private void show(JsonNode round) {
        boolean ended = round.path("finishedAt").isTextual();
        if (!ended || !shown.add(round.path("id").asText())) {
            return;
        }
        out.out().println(out.isJson() ? Json.line(round) : line(round));
        out.out().flush();
    }

    private static String line(JsonNode round) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "round %d  %s  updates %s  examples %s",
                round.path("number").asInt(),
                round.path("phase").asText(),
                round.path("tally").path("accepted").asText("-"),
                round.path("examples").asText("-")));
        round.path("metrics")
                .properties()
                .forEach(metric -> line.append(String.format(
                        Locale.ROOT,
                        "  %s %.4f",
                        metric.getKey(),
                        metric.getValue().path("weightedMean").asDouble())));
        String reason = round.path("reason").asText("");
        return reason.isEmpty() || reason.equals("null") ? line.toString() : line + "  " + reason;
    }

    private void listen() {
        while (true) {
            try (InputStream stream = controller.events(events, null);
                    BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data:")) {
                        news.release();
                    }
                }
            } catch (IOException | Failure e) {
                // the regular look goes on without it
            }
            try {
                Thread.sleep(TimeUnit.SECONDS.toMillis(ANYWAY_SECONDS));
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
