package io.foedus.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.launcher.processes.GuardedProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Follows a session from outside and says a line for each round that ended and for each agent that did. */
final class SessionProgress {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELLED");
    private static final Comparator<JsonNode> IN_ORDER = Comparator.<JsonNode>comparingInt(
                    round -> round.path("number").asInt())
            .thenComparingInt(round -> round.path("attempt").asInt());

    private final DigitsAlliance alliance;
    private final String session;
    private final Consumer<String> say;
    private final List<GuardedProcess> agents;
    private final Set<String> said = new HashSet<>();

    SessionProgress(DigitsAlliance alliance, String session, Consumer<String> say, List<GuardedProcess> agents) {
        this.alliance = alliance;
        this.session = session;
        this.say = say;
        this.agents = agents;
    }

    /** Returns the completed rounds in their order when the session has ended, whichever way. */
    List<JsonNode> untilEnd() {
        while (true) {
            JsonNode state;
            List<JsonNode> rounds;
            try {
                state = alliance.session(session);
                rounds = alliance.rounds(session).stream().sorted(IN_ORDER).toList();
            } catch (Failure e) {
                if (!e.mayPass()) {
                    throw e;
                }
                if (said.add(e.sentence())) {
                    say.accept("          waiting: " + e.sentence());
                }
                pause();
                continue;
            }
            rounds.stream()
                    .filter(round -> round.hasNonNull("finishedAt"))
                    .filter(round -> said.add(round.path("id").asText()))
                    .forEach(round ->
                            say.accept(line(round, state.path("roundsPlanned").asInt())));
            if (ENDED.contains(state.path("state").asText())) {
                if (!state.path("state").asText().equals("FINISHED")) {
                    say.accept("the session ended as " + state.path("state").asText() + ": "
                            + state.path("reason").asText("no reason given"));
                }
                return rounds.stream()
                        .filter(round -> round.path("phase").asText().equals("COMPLETED"))
                        .toList();
            }
            sayNews(state);
            pause();
        }
    }

    private void sayNews(JsonNode state) {
        String waiting = state.path("waiting").asText("");
        if (!waiting.isEmpty() && !"null".equals(waiting) && said.add(waiting)) {
            say.accept("          waiting: " + waiting);
        }
        for (GuardedProcess agent : agents) {
            if (!agent.isAlive() && said.add("ended " + agent.name())) {
                say.accept(agent.name() + " ended by itself; its log is " + agent.log() + "\n" + agent.logTail(5));
            }
        }
        if (agents.stream().noneMatch(GuardedProcess::isAlive)) {
            throw new Failure(
                    ExitCode.FAILURE,
                    "no agent is left to train",
                    "Read " + agents.get(0).log() + ".");
        }
    }

    /** One line: who took part, on how much, how good the new model is, and where the time went. */
    static String line(JsonNode round, int planned) {
        String head = String.format("round %d/%d", round.path("number").asInt(), planned);
        if (!round.path("phase").asText().equals("COMPLETED")) {
            return head + "  " + round.path("phase").asText() + ": "
                    + round.path("reason").asText("no reason given");
        }
        return String.format(
                "%s  %d clients  %d examples  accuracy %.3f  loss %.3f  %.1f s (train %.1f, reduce %.1f, validate %.1f)",
                head,
                round.path("tally").path("accepted").asInt(),
                round.path("examples").asLong(),
                metric(round, "accuracy"),
                metric(round, "loss"),
                seconds(round, "startedAt", "finishedAt"),
                seconds(round, "trainingAt", "reducingAt"),
                seconds(round, "reducingAt", "validatingAt"),
                seconds(round, "validatingAt", "finishedAt"));
    }

    /** The mean over the agents' validations, weighted by their examples; NaN when nobody reported it. */
    static double metric(JsonNode round, String name) {
        JsonNode metric = round.path("metrics").path(name);
        return metric.path("weightedMean").asDouble(metric.path("mean").asDouble(Double.NaN));
    }

    private static double seconds(JsonNode round, String from, String to) {
        if (!round.hasNonNull(from) || !round.hasNonNull(to)) {
            return Double.NaN;
        }
        return Duration.between(
                                Instant.parse(round.path(from).asText()),
                                Instant.parse(round.path(to).asText()))
                        .toMillis()
                / 1e3;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.FAILURE, "interrupted", "", e);
        }
    }
}
