package io.foedus.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.foedus.agent.Foedus;
import io.foedus.agent.console.Json;
import io.foedus.agent.doctor.Finding.State;
import io.foedus.agent.state.Identity;
import io.foedus.agent.state.StateDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTest {
    @TempDir
    Path folder;

    private final HttpServer controller;
    private final ServerSocket combiner;
    private volatile int status = 200;

    SiteTest() throws IOException {
        controller = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        combiner = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @BeforeEach
    void start() throws IOException {
        controller.createContext("/", call -> {
            byte[] answer = (status == 200
                            ? "{\"alliance\":\"digits\",\"combiner\":{\"name\":\"c1\",\"host\":\"127.0.0.1\",\"port\":"
                                    + combiner.getLocalPort() + "}}"
                            : "{\"code\":\"BAD_TOKEN\",\"detail\":\"this token does not count\",\"remedy\":\"Join again.\"}")
                    .getBytes(StandardCharsets.UTF_8);
            boolean health = call.getRequestURI().getPath().startsWith("/health");
            call.getResponseHeaders()
                    .set("Content-Type", status == 200 ? "application/json" : "application/problem+json");
            call.sendResponseHeaders(health ? 200 : status, answer.length);
            call.getResponseBody().write(answer);
            call.close();
        });
        controller.start();
        try (StateDirectory state = StateDirectory.open(folder.resolve("state"))) {
            state.remember(new Identity(UUID.randomUUID(), "fds_ag_x", "north", "http://127.0.0.1"));
        }
    }

    @AfterEach
    void stop() throws IOException {
        controller.stop(0);
        combiner.close();
    }

    @Test
    void a_site_that_is_well_ends_with_0() throws IOException {
        Report report = doctor();
        assertThat(report.exitCode).isZero();
        assertThat(report.states("token", "combiner", "controller", "clock", "identity"))
                .containsOnly(State.OK);
    }

    @Test
    void a_combiner_that_cannot_be_reached_is_named_with_its_port() throws IOException {
        combiner.close();
        Report report = doctor();
        assertThat(report.exitCode).isEqualTo(1);
        assertThat(report.of("combiner").seen()).contains("c1").contains(String.valueOf(combiner.getLocalPort()));
        assertThat(report.of("combiner").remedy()).contains("way out");
    }

    @Test
    void a_token_that_does_not_count_fails_with_the_controllers_remedy() throws IOException {
        status = 401;
        Report report = doctor();
        assertThat(report.of("token").state()).isEqualTo(State.FAIL);
        assertThat(report.of("token").remedy()).isEqualTo("Join again.");
    }

    @Test
    void a_controller_that_is_away_and_an_open_state_directory_are_told() throws IOException {
        controller.stop(0);
        Files.setPosixFilePermissions(folder.resolve("state"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Report report = doctor();
        assertThat(report.of("controller").state()).isEqualTo(State.FAIL);
        assertThat(report.of("state directory").remedy()).contains("chmod 700");
    }

    @Test
    void an_old_java_fails() {
        assertThat(Site.java(11).state()).isEqualTo(State.FAIL);
        assertThat(Site.java(17).state()).isEqualTo(State.OK);
    }

    private record Report(int exitCode, List<Finding> findings) {
        Finding of(String what) {
            return findings.stream()
                    .filter(f -> f.what().equals(what))
                    .findFirst()
                    .orElseThrow();
        }

        List<State> states(String... whats) {
            return java.util.Arrays.stream(whats).map(w -> of(w).state()).toList();
        }
    }

    private Report doctor() throws IOException {
        StringWriter out = new StringWriter();
        int code = Foedus.commandLine(List.of())
                .setOut(new PrintWriter(out))
                .execute(
                        "doctor",
                        "--json",
                        "--controller",
                        "http://127.0.0.1:" + controller.getAddress().getPort(),
                        "--state-dir",
                        folder.resolve("state").toString());
        List<Finding> findings = new ArrayList<>();
        for (var finding : Json.read(out.toString()).path("findings")) {
            findings.add(Json.MAPPER.treeToValue(finding, Finding.class));
        }
        return new Report(code, findings);
    }
}
