package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.controller.ControllerException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code foedus session …}. */
@Command(
        name = "session",
        resourceBundle = "io.foedus.agent.operator.PlanHelp",
        description = "Plan, start, steer and watch training sessions.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus session start --rounds 20 --setting epochs=3 -a digits",
            "  foedus session watch 0198c0de-… -a digits",
            "  foedus session stop 0198c0de-… --after-round -a digits"
        })
public final class SessionCommands extends Group {
    @Command(
            name = "create",
            description = "Plan a session without starting it.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  foedus session create --name nightly --plan plan.json -a digits",
                "  foedus session create --rounds 20 --aggregator trimmed-mean:0.1 -a digits"
            })
    int create(
            @Mixin Connection at,
            @Mixin Output out,
            @Mixin PlanOptions plan,
            @Option(names = "--name", description = "What to call it.") @Nullable String name,
            @Option(
                            names = "--seed-model",
                            paramLabel = "ID",
                            description = "Model to begin with (default: the latest).")
                    @Nullable String seed,
            @Mixin PackageChoice compute) {
        show(out, post(at, at.open(), plan, Json.object(), name, seed, compute, false));
        return 0;
    }

    @Command(
            name = "start",
            description = "Start a session that was planned, or plan one and start it.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  foedus session start 0198c0de-… -a digits",
                "  foedus session start --rounds 5 --min-clients 3 --setting learning_rate=0.1 -a digits"
            })
    int start(
            @Mixin Connection at,
            @Mixin Output out,
            @Mixin PlanOptions plan,
            @Option(names = "--name", description = "What to call a new one.") @Nullable String name,
            @Option(
                            names = "--seed-model",
                            paramLabel = "ID",
                            description = "Model to begin with (default: the latest).")
                    @Nullable String seed,
            @Mixin PackageChoice compute,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "SESSION",
                            description = "Id or name of a session that was planned.")
                    @Nullable String session) {
        if (session == null) {
            show(out, post(at, at.open(), plan, Json.object(), name, seed, compute, true));
            return 0;
        }
        if (!plan.over(Json.object()).isEmpty() || name != null || seed != null || compute.isGiven()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "the session " + session + " has its plan already",
                    "Leave out the options, or leave out SESSION to plan a new one.");
        }
        return steer(at, out, session, "start", Json.object());
    }

    @Command(
            name = "list",
            description = "List the alliance's sessions.",
            footerHeading = "%nExample:%n",
            footer = "  foedus session list -a digits --json | jq '.[] | select(.state == \"RUNNING\").id'")
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

    @Command(
            name = "show",
            description =
                    "Show one session; where its plan promises differential privacy, with the ε reached and planned.",
            footerHeading = "%nExample:%n",
            footer = "  foedus session show 0198c0de-… -a digits --json | jq .plan")
    int show(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "SESSION", description = "Id or name.") String id) {
        ControllerClient controller = at.open();
        show(out, controller.get(path(at, controller, id)));
        return 0;
    }

    @Command(
            name = "pause",
            description = "Let the open round end and open no other until the session is resumed.",
            footerHeading = "%nExample:%n",
            footer = "  foedus session pause 0198c0de-… -a digits")
    int pause(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "SESSION", description = "Id or name.") String id) {
        return steer(at, out, id, "pause", Json.object());
    }

    @Command(
            name = "resume",
            description = "Go on with a paused session.",
            footerHeading = "%nExample:%n",
            footer = "  foedus session resume 0198c0de-… -a digits")
    int resume(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "SESSION", description = "Id or name.") String id) {
        return steer(at, out, id, "resume", Json.object());
    }

    @Command(
            name = "stop",
            description = "Stop a session now, giving up the open round, or after that round.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  foedus session stop 0198c0de-… -a digits",
                "  foedus session stop 0198c0de-… --after-round -a digits"
            })
    int stop(
            @Mixin Connection at,
            @Mixin Output out,
            @Option(names = "--after-round", description = "Let the open round end first.") boolean afterRound,
            @Parameters(paramLabel = "SESSION", description = "Id or name.") String id) {
        return steer(at, out, id, "stop", Json.object().put("after", afterRound ? "round" : "now"));
    }

    @Command(
            name = "continue",
            description = {
                "Train on: the same session for more rounds, or with --from a new session with its plan from any model"
                        + " of the trail."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  foedus session continue 0198c0de-… --rounds 10 -a digits",
                "  foedus session continue 0198c0de-… --from 0198beef-… --rounds 10 --aggregator median -a digits"
            })
    int goOn(
            @Mixin Connection at,
            @Mixin Output out,
            @Mixin PlanOptions plan,
            @Option(names = "--from", paramLabel = "MODEL", description = "Id of the model to begin with.") @Nullable String model,
            @Parameters(paramLabel = "SESSION", description = "Id or name.") String id) {
        ControllerClient controller = at.open();
        String path = path(at, controller, id);
        JsonNode session = controller.get(path);
        if (model == null) {
            show(out, told(plan, () -> controller.post(path + "/extensions", extension(plan, session))));
            return 0;
        }
        ObjectNode before = session.path("plan").isObject() ? session.withObject("/plan") : Json.object();
        if (before.path("minWaitSeconds").equals(before.path("deadlineSeconds"))) {
            before.remove("minWaitSeconds"); // it follows the deadline, and so it shall
        }
        String name = session.path("name").asText() + " from " + model;
        show(
                out,
                post(
                        at,
                        controller,
                        plan,
                        before,
                        name,
                        model,
                        PackageChoice.of(session.path("package").asText(null)),
                        true));
        return 0;
    }

    private static ObjectNode extension(PlanOptions plan, JsonNode session) {
        ObjectNode given = plan.over(Json.object()).without(java.util.List.of("rounds", "deadlineSeconds"));
        if (!given.isEmpty()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "the same session goes on with its plan; "
                            + given.fieldNames().next() + " cannot be changed",
                    "Give --from MODEL for a new session with a changed plan.");
        }
        Integer rounds = plan.rounds();
        ObjectNode body = Json.object()
                .put(
                        "rounds",
                        rounds != null
                                ? rounds
                                : session.path("plan").path("rounds").asInt(1));
        Double deadline = plan.deadline();
        return deadline == null ? body : body.put("deadlineSeconds", deadline);
    }

    @Command(
            name = "watch",
            description = "Print a line per round as it ends, until the session ends; 1 if it failed or was stopped.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  foedus session watch 0198c0de-… -a digits",
                "  foedus session watch 0198c0de-… -a digits --json"
            })
    int watch(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "SESSION", description = "Id or name.") String id)
            throws InterruptedException {
        ControllerClient controller = at.open();
        return new SessionWatch(controller, at.in("/events/stream"), path(at, controller, id), out)
                .untilEnd()
                .number();
    }

    private static JsonNode post(
            Connection at,
            ControllerClient controller,
            PlanOptions plan,
            ObjectNode from,
            @Nullable String name,
            @Nullable String seed,
            PackageChoice compute,
            boolean start) {
        ObjectNode body = Json.object().put("start", start);
        body.set("plan", plan.over(from));
        if (name != null) {
            body.put("name", name);
        }
        if (seed != null) {
            body.put("seedModel", Named.id(controller, at.in("/models"), "model", seed));
        }
        compute.into(body, wanted -> Named.id(controller, at.in("/packages"), "package", wanted));
        return told(
                plan,
                () -> controller.post(
                        at.in("/sessions"), body, UUID.randomUUID().toString()));
    }

    /** The answer; a plan that is refused is told by the options that it was typed with. */
    private static JsonNode told(PlanOptions plan, Supplier<JsonNode> call) {
        try {
            return call.get();
        } catch (ControllerException e) {
            JsonNode problems = e.problem().path("problems");
            throw problems.isEmpty() ? e : e.saying(plan.asTyped(problems));
        }
    }

    private static int steer(Connection at, Output out, String id, String verb, ObjectNode body) {
        ControllerClient controller = at.open();
        show(out, controller.post(path(at, controller, id) + "/" + verb, body));
        return 0;
    }

    private static void show(Output out, JsonNode session) {
        List<String> fields = new ArrayList<>(List.of(
                "id", "name", "state", "reason", "waiting", "model", "bestModel", "roundsCompleted", "roundsPlanned"));
        if (session.path("privacy").isObject()) {
            fields.addAll(List.of("privacy.epsilon", "privacy.epsilonPlanned", "privacy.delta", "privacy.adjacency"));
        }
        out.value(session, fields.toArray(String[]::new));
    }

    static String path(Connection at, ControllerClient controller, String session) {
        return at.in("/sessions/" + Named.id(controller, at.in("/sessions"), "session", session));
    }
}
