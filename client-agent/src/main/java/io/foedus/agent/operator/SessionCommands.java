package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code foedus session …}. */
@Command(
        name = "session",
        description = "Create, steer and watch training sessions.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus session create --rounds 20 --start -a digits",
            "  foedus session watch 0198c0de-… -a digits",
            "  foedus session stop 0198c0de-… --now"
        })
public final class SessionCommands extends Group {
    private static final Set<String> OVER = Set.of("FINISHED", "STOPPED", "FAILED", "COMPLETED", "CANCELLED");

    @Command(name = "create", description = "Create a session; the plan's file is JSON as in docs/api.md.")
    int create(
            @Mixin Connection at,
            @Mixin Output out,
            @Option(names = "--name") @Nullable String name,
            @Option(names = "--rounds", description = "Rounds (default: the controller's, 5).") @Nullable Integer rounds,
            @Option(names = "--min-clients", description = "Fewest updates of a round.") @Nullable Integer minClients,
            @Option(names = "--deadline-seconds", description = "Longest time of a round.") @Nullable Integer deadline,
            @Option(names = "--aggregator", description = "mean, median, …") @Nullable String aggregator,
            @Option(names = "--plan", paramLabel = "FILE", description = "The whole plan.") @Nullable Path plan,
            @Option(names = "--seed-model", paramLabel = "ID", description = "Default: the latest.") @Nullable String seed,
            @Option(names = "--package", paramLabel = "ID", description = "Default: the active one.") @Nullable String compute,
            @Option(names = "--start", description = "Start it at once.") boolean start) {
        ObjectNode planned = plan == null ? Json.object() : read(plan);
        ObjectNode body = Json.object().put("start", start);
        if (rounds != null) {
            planned.put("rounds", rounds);
        }
        if (minClients != null) {
            planned.put("minClients", minClients);
        }
        if (deadline != null) {
            planned.put("deadlineSeconds", deadline);
        }
        if (aggregator != null) {
            planned.put("aggregator", aggregator);
        }
        body.set("plan", planned);
        if (name != null) {
            body.put("name", name);
        }
        if (seed != null) {
            body.put("seedModel", seed);
        }
        if (compute != null) {
            body.put("package", compute);
        }
        show(out, at.open().post(at.in("/sessions"), body, UUID.randomUUID().toString()));
        return 0;
    }

    @Command(name = "list", description = "List the alliance's sessions.")
    int list(@Mixin Connection at, @Mixin Output out) {
        out.table(
                at.open().list(at.in("/sessions"), Integer.MAX_VALUE),
                "id",
                "name",
                "state",
                "roundsCompleted",
                "roundsPlanned",
                "createdAt");
        return 0;
    }

    @Command(name = "show", description = "Show one session.")
    int show(@Mixin Connection at, @Mixin Output out, @Parameters(paramLabel = "SESSION") String id) {
        show(out, at.open().get(path(at, id)));
        return 0;
    }

    @Command(name = "start", description = "Start a session.")
    int start(@Mixin Connection at, @Mixin Output out, @Parameters(paramLabel = "SESSION") String id) {
        return steer(at, out, id, "start", Json.object());
    }

    @Command(name = "pause", description = "Pause a session after its round.")
    int pause(@Mixin Connection at, @Mixin Output out, @Parameters(paramLabel = "SESSION") String id) {
        return steer(at, out, id, "pause", Json.object());
    }

    @Command(name = "resume", description = "Go on with a paused session.")
    int resume(@Mixin Connection at, @Mixin Output out, @Parameters(paramLabel = "SESSION") String id) {
        return steer(at, out, id, "resume", Json.object());
    }

    @Command(name = "stop", description = "Stop a session after its round, or now.")
    int stop(
            @Mixin Connection at,
            @Mixin Output out,
            @Option(names = "--now", description = "Give up the open round.") boolean now,
            @Parameters(paramLabel = "SESSION") String id) {
        return steer(at, out, id, "stop", Json.object().put("after", now ? "now" : "round"));
    }

    @Command(name = "watch", description = "Print a line per round until the session ends; 1 if it failed.")
    int watch(@Mixin Connection at, @Mixin Output out, @Parameters(paramLabel = "SESSION") String id)
            throws InterruptedException {
        ControllerClient controller = at.open();
        int seen = 0;
        while (true) {
            JsonNode session = controller.get(path(at, id));
            for (JsonNode round : controller.list(path(at, id) + "/rounds", Integer.MAX_VALUE)) {
                boolean ended = round.path("finishedAt").isTextual();
                if (ended && round.path("number").asInt() > seen) {
                    seen = round.path("number").asInt();
                    out.out()
                            .println(
                                    out.isJson()
                                            ? Json.line(round)
                                            : "round " + seen + " "
                                                    + round.path("phase").asText() + " updates="
                                                    + round.path("tally")
                                                            .path("accepted")
                                                            .asText("-") + " examples="
                                                    + round.path("examples").asText("-") + " metrics="
                                                    + round.path("metrics"));
                    out.out().flush();
                }
            }
            String state = session.path("state").asText();
            if (OVER.contains(state)) {
                out.say("session " + state);
                return state.equals("FAILED") ? ExitCode.FAILURE.number() : ExitCode.OK.number();
            }
            Thread.sleep(1000);
        }
    }

    private static int steer(Connection at, Output out, String id, String verb, ObjectNode body) {
        JsonNode answer = at.open().post(path(at, id) + "/" + verb, body);
        if (answer.isEmpty()) {
            out.say("session " + id + ": " + verb);
        } else {
            show(out, answer);
        }
        return 0;
    }

    private static void show(Output out, JsonNode session) {
        out.value(
                session,
                "id",
                "name",
                "state",
                "reason",
                "waiting",
                "model",
                "bestModel",
                "roundsCompleted",
                "roundsPlanned");
    }

    static String path(Connection at, String session) {
        return at.in("/sessions/" + ControllerClient.encoded(session));
    }

    private static ObjectNode read(Path plan) {
        try {
            if (Json.read(Files.readString(plan)) instanceof ObjectNode object) {
                return object;
            }
            throw new Failure(ExitCode.INVALID, plan + " is not one JSON object", "See docs/api.md, Plan.");
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.INVALID, "cannot read the plan " + plan + ": " + e.getMessage(), "Check the file.", e);
        }
    }
}
