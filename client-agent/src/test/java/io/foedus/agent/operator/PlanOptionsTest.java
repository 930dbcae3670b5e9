package io.foedus.agent.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.foedus.agent.Foedus;
import io.foedus.agent.console.Json;
import io.foedus.core.plan.InvalidPlanException;
import io.foedus.core.plan.Plan;
import io.foedus.core.plan.PlanKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Against a controller that reads the plan that it is sent, and refuses whatever it is. */
class PlanOptionsTest {
    private final StringWriter err = new StringWriter();
    private final List<JsonNode> plans = new ArrayList<>();

    @TempDir
    Path folder;

    private HttpServer controller;

    @BeforeEach
    void open() throws IOException {
        controller = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        controller.createContext("/", exchange -> {
            JsonNode plan = Json.read(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                    .path("plan");
            plans.add(plan);
            byte[] answer = Json.line(Map.of(
                            "code", "PLAN_INVALID", "detail", "not the words to show", "problems", problems(plan)))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
            exchange.sendResponseHeaders(422, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        controller.start();
    }

    @AfterEach
    void close() {
        controller.stop(0);
    }

    @SuppressWarnings("unchecked")
    private static List<String> problems(JsonNode plan) {
        try {
            Plan.read(Json.MAPPER.convertValue(plan, Map.class));
            return List.of();
        } catch (InvalidPlanException e) {
            return e.problems();
        }
    }

    private int create(String... options) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "fds_ua_x");
        List<String> line = new ArrayList<>(List.of(
                "session",
                "create",
                "-a",
                "x",
                "--controller",
                "http://127.0.0.1:" + controller.getAddress().getPort(),
                "--token-file",
                token.toString()));
        line.addAll(List.of(options));
        return Foedus.commandLine(List.of()).setErr(new PrintWriter(err)).execute(line.toArray(String[]::new));
    }

    @Test
    void each_breach_names_the_option_that_it_was_typed_with() throws IOException {
        Path file = Files.writeString(folder.resolve("plan.json"), "{\"overSelection\": 0, \"rounds\": 3}");
        int code = create(
                "--plan=" + file,
                "--rounds=0",
                "--min-clients=0",
                "--set=retries=101",
                "--set=stop={\"metric\":\"loss\",\"patience\":0}",
                "--set=ronds=3");
        assertThat(code).isEqualTo(7);
        assertThat(err.toString())
                .contains("--rounds must be from 1 to 1000000, not 0; ")
                .contains("--min-clients must be from 1 to 1000000, not 0; ")
                .contains("--set retries must be from 0 to 100, not 101")
                .contains("--set stop.patience must be at least 1, not 0; ")
                .contains("--set ronds is not a session parameter")
                .contains("; overSelection must be from 1 to 10, not 0");
    }

    @Test
    void options_make_the_plan_that_the_controller_reads() throws IOException {
        create(
                "--rounds=7",
                "--deadline-seconds=1.5",
                "--aggregator=median",
                "--keep-updates",
                "--setting=epochs=3",
                "--setting=name=x",
                "--set=best={\"metric\":\"loss\",\"goal\":\"MIN\"}");
        assertThat(plans)
                .containsExactly(
                        Json.read(
                                "{\"rounds\":7,\"deadlineSeconds\":1.5,\"aggregator\":\"median\",\"keepUpdates\":true,"
                                        + "\"best\":{\"metric\":\"loss\",\"goal\":\"MIN\"},\"settings\":{\"epochs\":3,\"name\":\"x\"}}"));
    }

    @Test
    void help_has_the_words_of_the_keys() {
        CommandLine create = command(command(Foedus.commandLine(List.of()), "session"), "create");
        String help = create.setUsageHelpWidth(400).getUsageMessage();
        for (PlanKey key :
                List.of(PlanKey.ROUNDS, PlanKey.DEADLINE_SECONDS, PlanKey.AGGREGATOR, PlanKey.KEEP_UPDATES)) {
            assertThat(help).contains(key.help());
        }
    }

    private static CommandLine command(CommandLine of, String name) {
        return Objects.requireNonNull(of.getSubcommands().get(name), name);
    }
}
