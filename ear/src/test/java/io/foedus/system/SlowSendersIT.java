package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.federation.Federation;
import io.foedus.federation.Rest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Senders who take their time, over the wire of a real controller: they are cut, and nobody else waits for them. */
@ExtendWith(ImpatientFederation.class)
class SlowSendersIT {
    /** On a machine that builds other things meanwhile; without threads of their own it is a minute. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private final Federation federation;
    private final Rest rest;
    private final RawHttp raw;

    SlowSendersIT(Federation federation) {
        this.federation = federation;
        rest = federation.rest();
        raw = new RawHttp(federation);
    }

    @ParameterizedTest
    @CsvSource({"220", "500"})
    void senders_without_a_token_are_refused_before_their_bodies_are_read(int count) throws IOException {
        outlives("POST /api/tokens HTTP/1.1\r\nHost: x\r\n" + RawHttp.JSON + "Content-Length: 1000\r\n\r\n{", count);
    }

    @ParameterizedTest
    @CsvSource({"220", "500"})
    void slow_senders_of_forms_are_cut_and_keep_nobody_waiting(int count) throws IOException {
        outlives("POST /login HTTP/1.1\r\nHost: x\r\n" + RawHttp.FORM + "Content-Length: 1000\r\n\r\na", count);
    }

    @Test
    void slow_senders_with_a_token_are_cut_and_keep_nobody_waiting() throws IOException {
        int before = federation.controller().logText().length();
        outlives(
                "POST /api/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + rest.token().orElseThrow() + "\r\n" + RawHttp.JSON
                        + "Transfer-Encoding: chunked\r\n\r\n100000\r\n{",
                220);

        assertThat(federation.controller().logText().substring(before))
                .contains("POST /api/tokens from 127.0.0.1")
                .contains("came too slowly")
                .doesNotContain("\tat ");
        assertThat(rest.get("/metrics?scope=application").body())
                .contains("foedus_bounds_hit_total")
                .contains("what=\"body-pace\"")
                .contains("what=\"body-places\"");
    }

    @ParameterizedTest
    @CsvSource({"220", "500"})
    void slow_senders_of_headers_keep_nobody_waiting(int count) throws IOException {
        try (Dribblers dribblers =
                new Dribblers(federation.controller().uri(), "POST /login HTTP/1.1\r\nHost: x\r\nX-Slow: ", count)) {
            for (int i = 0; i < 10; i++) {
                dribblers.dribble();
                othersAreServed();
            }
        }
    }

    @Test
    void a_big_file_at_a_modest_rate_is_taken() throws Exception {
        ObjectNode wish = Json.object().put("kind", "COMBINER_JOIN").put("name", "modest");
        Rest joining =
                rest.as(rest.post("/api/tokens", wish).json().path("token").asText());
        JsonNode combiner = joining.post(
                        "/api/combiners",
                        Json.object()
                                .put("name", "modest")
                                .put("host", "127.0.0.1")
                                .put("port", 1))
                .json();
        byte[] content = new byte[100_000];
        new Random(1).nextBytes(content);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        String token = combiner.path("token").asText();

        try (Socket socket = raw.socket()) {
            OutputStream out = socket.getOutputStream();
            out.write(("PUT /api/blobs/" + digest + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                            + "\r\nContent-Type: application/octet-stream\r\nContent-Length: " + content.length
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            int[] sent = {0};
            await().pollInterval(Duration.ofMillis(500))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> {
                        int piece = Math.min(4_000, content.length - sent[0]);
                        out.write(content, sent[0], piece);
                        out.flush();
                        sent[0] += piece;
                        return sent[0] == content.length;
                    });

            assertThat(RawHttp.answer(socket)).startsWith("HTTP/1.1 201");
        }
    }

    /** Threads that ordinary calls hold never include those for heartbeats and probes. */
    @Test
    void slow_senders_do_not_delay_heartbeats_and_probes() throws IOException {
        String slow = "POST /api/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + rest.token().orElseThrow() + "\r\n" + RawHttp.JSON + "Transfer-Encoding: chunked\r\n\r\n100000\r\n{";
        try (Dribblers dribblers = new Dribblers(federation.controller().uri(), slow, 220)) {
            for (int i = 0; i < 8; i++) {
                dribblers.dribble();
                probeIsPrompt();
                combinerBeats();
            }
        }
    }

    private void probeIsPrompt() {
        long asked = System.nanoTime();
        assertThat(raw.status("/health/live")).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(AT_ONCE);
    }

    /** A heartbeat is held for five seconds where there is no news. */
    private void combinerBeats() {
        assertThat(federation.count("SELECT count(*) FROM combiner WHERE last_seen_at > now() - interval '8 seconds'"))
                .as("combiners that beat")
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void slow_senders_over_http_2_are_cut_and_keep_nobody_waiting() {
        List<HttpClient> connections = Stream.generate(() -> HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build())
                .limit(4)
                .toList();
        // the first answer makes the connection one of HTTP/2
        for (HttpClient connection : connections) {
            assertThat(connection
                            .sendAsync(request("/health/live").build(), HttpResponse.BodyHandlers.discarding())
                            .join()
                            .version())
                    .isEqualTo(HttpClient.Version.HTTP_2);
        }
        try (SlowBody bodies = new SlowBody()) {
            int before = federation.controller().logText().length();
            List<CompletableFuture<?>> sent = new ArrayList<>();
            for (int i = 0; i < 220; i++) {
                sent.add(connections
                        .get(i % connections.size())
                        .sendAsync(
                                request("/api/tokens")
                                        .header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.fromPublisher(bodies.next()))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding()));
            }
            // this client hears of its answer when its body is sent; that it was cut stands in the log
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        probeIsPrompt();
                        othersAreServed();
                        return federation
                                .controller()
                                .logText()
                                .substring(before)
                                .contains("came too slowly");
                    });
            assertThat(sent).noneMatch(SlowSendersIT::hasSucceeded);
        }
    }

    private static boolean hasSucceeded(CompletableFuture<?> sent) {
        return sent.isDone()
                && !sent.isCompletedExceptionally()
                && sent.join() instanceof HttpResponse<?> answer
                && answer.statusCode() < 300;
    }

    @Test
    void bodies_that_do_not_fit_into_memory_together_are_told_to_come_again() throws IOException {
        String head = "POST /api/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + rest.token().orElseThrow() + "\r\n" + RawHttp.JSON + "Content-Length: 8000000\r\n\r\n{";
        byte[] most = " ".repeat(7_995_000).getBytes(StandardCharsets.ISO_8859_1);
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) { // half of the budget, which is all that one address gets
                open.add(raw.socket());
                open.get(i).getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
                open.get(i).getOutputStream().write(most);
            }
            await().atMost(RawHttp.PROMPTLY)
                    .pollDelay(Duration.ofMillis(500))
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> {
                        try (Socket more = raw.socket()) {
                            more.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
                            more.getOutputStream().write(most, 0, 900_000);
                            assertThat(RawHttp.answer(more))
                                    .startsWith("HTTP/1.1 503")
                                    .containsIgnoringCase("retry-after")
                                    .contains("application/problem+json")
                                    .contains("TOO_MUCH_AT_ONCE");
                        }
                    });
            othersAreServed();
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
        await().atMost(Duration.ofMinutes(1))
                .until(() -> rest.post(
                                        "/api/tokens",
                                        Json.object().put("kind", "USER").put("name", "room"))
                                .status()
                        == 201);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(federation.controller().uri().resolve(path))
                .header("Authorization", "Bearer " + rest.token().orElseThrow());
    }

    /** All of the senders are answered or cut, and meanwhile everybody else is served. */
    private void outlives(String beginning, int count) throws IOException {
        try (Dribblers dribblers = new Dribblers(federation.controller().uri(), beginning, count)) {
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        othersAreServed();
                        return dribblers.dribble() == 0;
                    });
        }
    }

    private void othersAreServed() {
        assertThat(raw.status("/health/ready")).isEqualTo(200);
        assertThat(raw.status("/api/alliances")).isEqualTo(200);
        assertThat(federation.count("SELECT count(*) FROM combiner WHERE last_seen_at > now() - interval '12 seconds'"))
                .as("combiners that beat")
                .isGreaterThanOrEqualTo(1);
    }
}
