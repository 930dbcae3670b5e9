package io.foedus.launcher.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.agent.console.Failure;
import io.foedus.launcher.processes.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class DoorTest {
    private static final String ADDRESS = "127.0.0.1";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port = Ports.anyFree();

    @Test
    void fedns_client_is_told_to_come_again_and_all_others_that_it_is_not_ready() throws Exception {
        Door door = Door.open(ADDRESS, port);
        try {
            for (String path : List.of("/fedn/hospitals/api/v1/clients/add", "/api/v1/clients/add")) {
                HttpResponse<String> place = post(path, "{\"client_id\": \"1\"}");
                assertThat(place.statusCode()).isEqualTo(203);
                assertThat(place.body()).startsWith("{").contains("\"message\":\"The controller starts");
            }
            for (String path : List.of("/", "/api/sessions", "/health/ready", "/clients/add")) {
                HttpResponse<String> other = post(path, "x".repeat(1 << 20));
                assertThat(other.statusCode()).isEqualTo(503);
                assertThat(Door.answered(other.body())).isTrue();
                assertThat(other.headers().firstValue("Retry-After")).contains("2");
                assertThat(other.headers().firstValue("Content-Type")).contains("application/problem+json");
            }
        } finally {
            door.close();
        }
    }

    @RepeatedTest(5)
    void nobody_is_turned_away_when_the_server_takes_over() throws Exception {
        Door door = Door.open(ADDRESS, port);
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<List<Integer>> seen = CompletableFuture.supplyAsync(() -> {
            List<Integer> statuses = new ArrayList<>();
            while (!over.get()) {
                try {
                    statuses.add(post("/fedn/a/api/v1/clients/add", "{}").statusCode());
                } catch (IOException e) {
                    statuses.add(-1);
                }
            }
            return statuses;
        });
        try (ServerSocket server = new ServerSocket()) {
            Thread.sleep(300);
            server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
            Thread serving = new Thread(() -> serve(server));
            serving.start();
            Thread.sleep(300);
            door.close();
            Thread.sleep(300);
            over.set(true);

            assertThat(seen.join()).contains(203, 200).containsOnly(203, 200).endsWith(200, 200, 200);
        }
    }

    private static void serve(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket caller = server.accept()) {
                byte[] request = new byte[4096];
                while (!new String(request, StandardCharsets.US_ASCII).contains("{}")
                        && caller.getInputStream().read(request, 0, request.length) > 0) {
                    // until the body has come
                }
                caller.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // the test is over
            }
        }
    }

    @Test
    void a_caller_that_says_nothing_holds_nobody_up() throws Exception {
        Door door = Door.open(ADDRESS, port);
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 15; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            assertThat(post("/api/v1/clients/add", "{}").statusCode()).isEqualTo(203);
            assertThat(silent.get(0).getInputStream().read()).isEqualTo(-1);
        } finally {
            for (Socket one : silent) {
                one.close();
            }
            door.close();
        }
    }

    @Test
    void a_port_that_another_program_has_is_named() throws IOException {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));

            assertThatThrownBy(() -> Door.open(ADDRESS, port))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("port " + port);
        }
    }

    private HttpResponse<String> post(String path, String body) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://" + ADDRESS + ":" + port + path))
                            .timeout(Duration.ofSeconds(10))
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
