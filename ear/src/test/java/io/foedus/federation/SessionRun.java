package io.foedus.federation;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A session, seen and steered through the REST API. */
public final class SessionRun {
    private static final Duration MOST = Duration.ofMinutes(3);
    private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELLED");
    private static final Comparator<JsonNode> IN_ORDER = Comparator.<JsonNode>comparingInt(
                    round -> round.path("number").asInt())
            .thenComparingInt(round -> round.path("attempt").asInt());

    private final Alliance alliance;
    private final String id;

    SessionRun(Alliance alliance, String id) {
        this.alliance = alliance;
        this.id = id;
    }

    public String id() {
        return id;
    }

    /** Path of the session in the API, with {@code rest} behind it. */
    public String path(String rest) {
        return alliance.path("/sessions/" + id + rest);
    }

    /** The session as the API tells it. */
    public JsonNode json() {
        return alliance.controller().get(path(""));
    }

    /** One round in full, with updates and validations. */
    public JsonNode round(int number) {
        return alliance.controller().get(path("/rounds/" + number));
    }

    /** All rounds, every attempt of them, in their order. */
    public List<JsonNode> rounds() {
        return alliance.controller().list(path("/rounds"), Integer.MAX_VALUE).stream()
                .sorted(IN_ORDER)
                .toList();
    }

    /** The rounds that made a model. */
    public List<JsonNode> completedRounds() {
        return rounds().stream()
                .filter(round -> round.path("phase").asText().equals("COMPLETED"))
                .toList();
    }

    /** Calls {@code start}, {@code pause} or {@code resume}. */
    public void call(String verb) {
        alliance.controller().post(path("/" + verb), Json.object());
    }

    /** Stops the session {@code now} or after the {@code round}. */
    public void stop(String after) {
        alliance.controller().post(path("/stop"), Json.object().put("after", after));
    }

    /** Waits until the session has ended, whichever way, and returns it. */
    public JsonNode awaitEnd() {
        return awaitThat(
                "has ended", session -> ENDED.contains(session.path("state").asText()));
    }

    /** Waits until the session has finished as planned, and fails with what went wrong if it ends another way. */
    public JsonNode awaitFinish() {
        JsonNode session = awaitEnd();
        if (!session.path("state").asText().equals("FINISHED")) {
            throw new AssertionError(describe());
        }
        return session;
    }

    /** Waits until so many rounds are complete. */
    public JsonNode awaitRounds(int count) {
        return awaitThat(
                "has completed " + count + " rounds",
                session -> session.path("roundsCompleted").asInt() >= count);
    }

    /** Waits for something to be true of the session; a controller that is away meanwhile is waited for. */
    public JsonNode awaitThat(String what, Predicate<JsonNode> condition) {
        return awaitThat(MOST, what, condition);
    }

    /** The same with other patience than three minutes. */
    public JsonNode awaitThat(Duration most, String what, Predicate<JsonNode> condition) {
        try {
            return await("session " + id + " " + what)
                    .atMost(most)
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreException(Failure.class)
                    .until(this::json, condition);
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "\n" + describe(), e);
        }
    }

    /** State and rounds with their reasons, for the message of a failed test. */
    public String describe() {
        JsonNode session = json();
        return "session " + session.path("state").asText() + ", reason "
                + session.path("reason").asText("none") + ", waiting for "
                + session.path("waiting").asText("nothing") + "\n"
                + rounds().stream()
                        .map(round -> "  round " + round.path("number") + "." + round.path("attempt") + " "
                                + round.path("phase").asText() + " "
                                + round.path("reason").asText("") + " " + round.path("tally"))
                        .collect(Collectors.joining("\n"))
                + "\nlogs are in " + alliance.federation().home().resolve("logs");
    }
}
