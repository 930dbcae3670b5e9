package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.federation.Federation;
import io.foedus.federation.Rest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What hostile and slow senders can do with bodies, over the wire of a real controller: they are refused or cut, and
 * nobody else waits for them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BodiesIT {
    private static final Duration PROMPTLY = Duration.ofSeconds(10);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PROMPTLY)
            .build();
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";

    private Federation federation;
    private Rest rest;

    @BeforeAll
    void start() {
        federation = Federation.named("bodies")
                .controllerSetting("FOEDUS_BODIES_WINDOW_SECONDS", 5)
                .start();
        rest = federation.rest();
    }

    @AfterAll
    void stop() {
        federation.close();
    }

    @ParameterizedTest
    @CsvSource({"220", "500"})
    void senders_without_a_token_are_refused_before_their_bodies_are_read(int count) throws IOException {
        outlives("POST /api/tokens HTTP/1.1\r\nHost: x\r\n" + JSON + "Content-Length: 1000\r\n\r\n{", count);
    }

    @ParameterizedTest
    @CsvSource({"220", "500"})
    void slow_senders_of_forms_are_cut_and_keep_nobody_waiting(int count) throws IOException {
        outlives("POST /login HTTP/1.1\r\nHost: x\r\n" + FORM + "Content-Length: 1000\r\n\r\na", count);
    }

    @Test
    void slow_senders_with_a_token_are_cut_and_keep_nobody_waiting() throws IOException {
        int before = federation.controller().logText().length();
        outlives(
                "POST /api/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + rest.token().orElseThrow() + "\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n100000\r\n{",
                220);

        assertThat(federation.controller().logText().substring(before))
                .contains("POST /api/tokens from 127.0.0.1")
                .contains("came too slowly")
                .contains("no place to wait for the body of")
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
        assertThat(status("/health/ready")).isEqualTo(200);
        assertThat(status("/api/alliances")).isEqualTo(200);
        assertThat(federation.count("SELECT count(*) FROM combiner WHERE last_seen_at > now() - interval '12 seconds'"))
                .as("combiners that beat")
                .isGreaterThanOrEqualTo(1);
    }

    private int status(String path) {
        HttpRequest request = HttpRequest.newBuilder(
                        federation.controller().uri().resolve(path))
                .timeout(PROMPTLY)
                .header("Authorization", "Bearer " + rest.token().orElseThrow())
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new AssertionError("GET " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
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
        new java.util.Random(1).nextBytes(content);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        String token = combiner.path("token").asText();

        try (Socket socket = socket()) {
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

            assertThat(answer(socket)).startsWith("HTTP/1.1 201");
        }
    }

    @Test
    void a_form_with_a_file_where_none_is_taken_is_refused_and_leaves_nothing() throws IOException {
        long before = bigFiles();

        String answer = sendFile("/login", "", 8 << 20);

        assertThat(answer).matches(told -> told.equals("cut") || told.startsWith("HTTP/1.1 415"));
        assertThat(bigFiles()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"/packages", "/upload-model", "/packages.xhtml"})
    void a_file_from_somebody_who_is_not_logged_in_leaves_nothing(String page) throws IOException {
        long before = bigFiles();

        sendFile(page, "", 8 << 20);

        assertThat(bigFiles()).isEqualTo(before);
    }

    @Test
    void a_file_that_breaks_off_leaves_nothing() throws IOException {
        String cookie = login();
        long before = bigFiles();
        try (Socket socket = socket()) {
            socket.getOutputStream()
                    .write(head("/upload-model", cookie, 64 << 20).getBytes(StandardCharsets.ISO_8859_1));
            byte[] piece = new byte[4 << 20];
            socket.getOutputStream().write(piece);
            await().atMost(PROMPTLY).until(() -> bigFiles() > before);
        }

        await().atMost(Duration.ofSeconds(40)).until(() -> bigFiles() == before);
    }

    @Test
    void the_set_up_needs_no_token() {
        Rest.Answer answer = rest.anonymously().post("/api/setup", Json.object().put("code", "x"));

        assertThat(answer.json().path("code").asText()).as(answer.body()).isNotEqualTo("NO_TOKEN");
        assertThat(answer.status()).isBetween(400, 499);
    }

    @Test
    void a_form_of_more_than_a_mebibyte_is_refused() throws IOException {
        byte[] body = ("name=" + "x".repeat(2 << 20)).getBytes(StandardCharsets.ISO_8859_1);

        String answer;
        try (Socket socket = socket()) {
            socket.getOutputStream()
                    .write(("POST /login HTTP/1.1\r\nHost: x\r\n" + FORM + "Content-Length: " + body.length
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            answer = answer(socket);
        }

        assertThat(answer).startsWith("HTTP/1.1 413").containsIgnoringCase("connection: close");
    }

    @Test
    void a_file_for_fedn_from_somebody_who_may_not_send_it_is_not_received() throws IOException {
        String join = federation.alliance("fedn-files").joinToken().toString();
        long before = bigFiles();
        String token = Files.readString(Path.of(join)).strip();
        try (Socket socket = socket()) {
            socket.getOutputStream()
                    .write(head("/fedn/fedn-files/api/v1/models/", "", 64 << 20)
                            .replace("Host: x\r\n", "Host: x\r\nAuthorization: Bearer " + token + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));

            assertThat(answer(socket)).containsPattern("^HTTP/1.1 (403|404)");
        }
        assertThat(bigFiles()).isEqualTo(before);
    }

    private String sendFile(String page, String cookie, int bytes) throws IOException {
        try (Socket socket = socket()) {
            OutputStream out = socket.getOutputStream();
            out.write(head(page, cookie, bytes).getBytes(StandardCharsets.ISO_8859_1));
            byte[] piece = new byte[64 << 10];
            for (int sent = 0; sent < bytes; sent += piece.length) {
                out.write(piece);
            }
            out.write("\r\n--cut--\r\n".getBytes(StandardCharsets.ISO_8859_1));
            return answer(socket);
        } catch (IOException e) {
            return "cut";
        }
    }

    private static String head(String page, String cookie, int bytes) {
        String part = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n";
        return "POST " + page + " HTTP/1.1\r\nHost: x\r\nCookie: " + cookie
                + "\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: "
                + (part.length() + bytes + 11) + "\r\n\r\n" + part;
    }

    /** The nonce belongs to the page's scripts; a form that does not bring it is no error of the server. */
    @Test
    void a_form_without_the_nonce_of_its_page_makes_no_error_of_the_server() {
        HttpResponse<String> answer = entered(browser(), false);

        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 499);
    }

    @Test
    void logins_of_one_account_at_once_do_not_disturb_each_other() {
        String pair = federation.adminAccount() + ":" + federation.adminPassword();
        HttpRequest login = HttpRequest.newBuilder(federation.controller().uri().resolve("/api/tokens"))
                .header(
                        "Authorization",
                        "Basic " + java.util.Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"kind\":\"USER\",\"name\":\"at once\"}"))
                .build();

        assertThat(
                        Stream.generate(() -> HTTP.sendAsync(login, HttpResponse.BodyHandlers.ofString()))
                                .limit(8)
                                .toList()
                                .stream()
                                .map(answer -> answer.join().statusCode()))
                .containsOnly(201);
    }

    @Test
    void event_streams_of_one_caller_have_a_bound_and_their_places_come_back() throws IOException {
        String path = federation.alliance("streams").path("/events/stream");
        List<Socket> streams = new java.util.ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                streams.add(socket());
                assertThat(stream(streams.get(i), path)).startsWith("HTTP/1.1 200");
            }
            try (Socket more = socket()) {
                assertThat(stream(more, path)).startsWith("HTTP/1.1 503").contains("Retry-After");
            }
        } finally {
            for (Socket open : streams) {
                open.close();
            }
        }

        await().atMost(Duration.ofMinutes(2)).until(() -> {
            try (Socket again = socket()) {
                return stream(again, path).startsWith("HTTP/1.1 200");
            }
        });
    }

    private String stream(Socket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer "
                                + rest.token().orElseThrow() + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        byte[] bytes = new byte[8 << 10];
        int read = socket.getInputStream().read(bytes);
        return new String(bytes, 0, Math.max(0, read), StandardCharsets.ISO_8859_1);
    }

    /** Logs in as browsers do; the cookie. */
    private String login() {
        HttpClient browser = browser();
        HttpResponse<String> entered = entered(browser, true);
        assertThat(entered.statusCode()).as(entered.body()).isEqualTo(302);
        return ((java.net.CookieManager) browser.cookieHandler().orElseThrow())
                .getCookieStore().getCookies().stream()
                        .map(Object::toString)
                        .collect(java.util.stream.Collectors.joining("; "));
    }

    private static HttpClient browser() {
        return HttpClient.newBuilder()
                .cookieHandler(new java.net.CookieManager())
                .build();
    }

    private HttpResponse<String> entered(HttpClient browser, boolean withNonce) {
        URI login = federation.controller().uri().resolve("/login");
        try {
            String page = browser.send(HttpRequest.newBuilder(login).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            String form = Map.of(
                            "login",
                            "login",
                            "login:name",
                            federation.adminAccount(),
                            "login:password",
                            federation.adminPassword(),
                            "login:next",
                            "",
                            button(page),
                            "Log in",
                            "jakarta.faces.ViewState",
                            hidden(page, "jakarta.faces.ViewState"),
                            "primefaces.nonce",
                            nonce(page))
                    .entrySet()
                    .stream()
                    .filter(field -> withNonce || !field.getKey().equals("primefaces.nonce"))
                    .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                    .collect(java.util.stream.Collectors.joining("&"));
            return browser.send(
                    HttpRequest.newBuilder(login)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String hidden(String page, String name) {
        return found(page, "name=\"" + name + "\"[^>]*value=\"([^\"]*)\"");
    }

    private static String button(String page) {
        return found(page, "type=\"submit\"[^>]*name=\"([^\"]*)\"");
    }

    private static String nonce(String page) {
        return Optional.of(page)
                .map(text ->
                        java.util.regex.Pattern.compile("nonce=\"([^\"]*)\"").matcher(text))
                .filter(java.util.regex.Matcher::find)
                .map(matcher -> matcher.group(1))
                .orElse("");
    }

    private static String found(String page, String pattern) {
        var matcher = java.util.regex.Pattern.compile(pattern).matcher(page);
        assertThat(matcher.find()).as(pattern + " in " + page).isTrue();
        return matcher.group(1);
    }

    private Socket socket() throws IOException {
        URI uri = federation.controller().uri();
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
        return socket;
    }

    private static String answer(Socket socket) throws IOException {
        try (InputStream in = socket.getInputStream()) {
            byte[] bytes = new byte[8 << 10];
            int read = in.read(bytes);
            return read < 0 ? "" : new String(bytes, 0, read, StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** How many files of more than a mebibyte the controller has, wherever it keeps files. */
    private long bigFiles() throws IOException {
        long files = 0;
        for (Path place : List.of(
                federation.home().resolve("controller"), federation.home().resolve("servers"))) {
            try (Stream<Path> all = Files.walk(place)) {
                files += all.filter(file -> {
                            try {
                                return Files.isRegularFile(file) && Files.size(file) > 1 << 20;
                            } catch (IOException e) {
                                return false; // gone meanwhile
                            }
                        })
                        .count();
            } catch (java.io.UncheckedIOException e) {
                return -1; // gone meanwhile
            }
        }
        return files;
    }
}
