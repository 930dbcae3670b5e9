package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.InstantPackage;
import io.foedus.federation.Models;
import io.foedus.federation.Rest;
import io.foedus.federation.SessionRun;
import io.foedus.federation.SharedFederation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The REST API over the wire: its manners as {@code docs/api.md} promises them. */
@ExtendWith(SharedFederation.class)
class ApiIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String JSON = "application/json";

    private final Federation federation;
    private final Alliance alliance;
    private final Rest rest;

    ApiIT(Federation federation) {
        this.federation = federation;
        alliance = federation.alliance("api");
        rest = federation.rest();
    }

    @Test
    void a_list_comes_in_pages_that_miss_nothing_and_repeat_nothing() {
        List<String> names = IntStream.range(0, 5).mapToObj(i -> "pages-" + i).toList();
        names.forEach(federation::alliance);

        Stream<JsonNode> pages = Stream.iterate(
                rest.get("/api/alliances?limit=2").json(),
                page -> !page.isMissingNode(),
                page -> page.hasNonNull("next")
                        ? rest.get("/api/alliances?limit=2&cursor="
                                        + page.path("next").asText())
                                .json()
                        : page.path("the end"));

        assertThat(pages.flatMap(page -> page.findValuesAsText("name").stream()).toList())
                .doesNotHaveDuplicates()
                .containsAll(names);
    }

    @Test
    void bytes_have_their_digest_as_tag_and_come_in_ranges() throws Exception {
        String path = alliance.path("/models/" + seed(1) + "/content");
        HttpResponse<byte[]> whole = bytes(path);
        String tag = whole.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> part = bytes(path, "Range", "bytes=10-19");

        assertThat(tag).isEqualTo("\"" + sha256(whole.body()) + "\"");
        assertThat(bytes(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(whole.body(), 10, 20));
        assertThat(bytes(path, "Range", "bytes=999999-").statusCode()).isEqualTo(416);
        assertThat(bytes(path, "Range", "bytes=99999999999999999999999-").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_viewer_looks_and_does_not_touch_and_a_stranger_sees_nothing() {
        seed(2);
        Rest viewer = rest.as(tokenOf("vera"));
        rest.put(alliance.path("/members/vera"), Json.object().put("role", "VIEWER"));
        Rest stranger = rest.as(tokenOf("stan"));

        assertThat(viewer.get(alliance.path("/models")).status()).isEqualTo(200);
        assertProblem(viewer.post(alliance.path("/sessions"), "{}"), 403, "NOT_ALLOWED");
        assertProblem(stranger.get(alliance.path("/models")), 404, "UNKNOWN_ALLIANCE");
        assertProblem(rest.as("fds_ua_0123456789").get(alliance.path("/models")), 401, "BAD_TOKEN");
        assertThat(stranger.get("/api/alliances").json().path("total").asInt()).isZero();
    }

    @Test
    void a_policy_is_kept_by_sessions_and_downloads() {
        Alliance strict = federation.alliance("strict");
        strict.useInstantPackage();
        String policy = strict.path("/policy");
        Rest member = rest.as(tokenOf("mia"));
        rest.put(strict.path("/members/mia"), Json.object().put("role", "MEMBER"));
        String content =
                strict.path("/models/" + strict.models().get(0).path("id").asText() + "/content");

        assertThat(member.get(content).status()).isEqualTo(200);
        assertProblem(member.put(policy, Json.object().put("leastClients", 1)), 403, "NOT_ALLOWED");
        assertProblem(rest.put(policy, Json.object().put("leastClients", 0)), 422, "POLICY_INVALID");
        rest.put(policy, Json.object().put("leastClients", 3));
        rest.put(policy, Json.object().put("download", "OPERATOR"));

        assertThat(member.get(policy).json())
                .isEqualTo(Json.object()
                        .put("leastClients", 3)
                        .put("maxExamples", 10_000_000)
                        .put("download", "OPERATOR"));
        assertProblem(
                rest.post(strict.path("/sessions"), "{\"plan\": {\"minClients\": 2}}"), 422, "POLICY_LEAST_CLIENTS");
        assertProblem(member.get(content), 403, "NOT_ALLOWED");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"plan\": {\"rounds\": 1e300}}                       | 422 | PLAN_INVALID",
                "{\"plan\": {\"optimizer\": \"adam:lr=fast\"}}         | 422 | PLAN_INVALID",
                "{\"seedModel\": \"01a20c5f-7d30-78ac-a41a-00c52cc5009a\"} | 422 | NO_MODEL",
            })
    void a_bad_session_is_refused_with_the_cause_and_the_remedy(String body, int status, String code) {
        long before = federation.count("SELECT count(*) FROM session");

        assertProblem(rest.post(alliance.path("/sessions"), body), status, code);

        assertThat(federation.count("SELECT count(*) FROM session")).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /api/alliances/api/sessions/xyz",
        "DELETE, /api/alliances/api/sessions",
        "GET,    /api/alliances?limit=lots",
        "GET,    /api/alliances?cursor=%00%ff",
    })
    void a_senseless_call_is_refused_and_never_with_a_stack_trace(String method, String path) {
        Rest.Answer answer = rest.send(method, path, JSON, HttpRequest.BodyPublishers.noBody());

        assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
        assertThat(answer.body()).doesNotContain("Exception", "jakarta.", "org.glassfish", "at io.foedus");
    }

    @Test
    void a_json_body_that_is_too_long_is_refused() {
        assertProblem(rest.post("/api/alliances", "{\"name\": \"" + "x".repeat(9 << 20) + "\"}"), 413, "TOO_LARGE");
    }

    @Test
    void the_same_key_creates_one_session() throws Exception {
        seed(3);
        activePackage();
        HttpRequest twice = request(alliance.path("/sessions"))
                .header("Content-Type", JSON)
                .header("Idempotency-Key", "once-only")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"once\"}"))
                .build();

        String first = text(twice);

        assertThat(Json.read(text(twice)).path("id")).isEqualTo(Json.read(first).path("id"));
        assertThat(federation.count("SELECT count(*) FROM session WHERE name = 'once'"))
                .isEqualTo(1);
    }

    @Test
    void a_stream_opens_at_once_and_tells_what_happens() throws Exception {
        HttpRequest request = request(alliance.path("/events/stream"))
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<java.io.InputStream> stream = HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).startsWith(":");
            seed(4);
            activePackage();
            rest.post(alliance.path("/sessions"), "{\"name\": \"streamed\"}");

            assertThat(lines.lines().anyMatch(line -> line.startsWith("data:") && line.contains("session streamed")))
                    .isTrue();
        }
    }

    @Test
    void a_plan_is_answered_complete_and_can_be_given_again_as_it_is() {
        Alliance planned = federation.alliance("planned").useInstantPackage();
        String given = "{\"plan\": {\"rounds\": 3, \"stop\": {\"metric\": \"loss\", \"goal\": \"min\"},"
                + " \"settings\": {\"rate\": 1.0, \"nothing\": null}}}";
        JsonNode plan = rest.post(planned.path("/sessions"), given).json().path("plan");
        assertThat(plan.path("rounds").asInt()).isEqualTo(3);
        assertThat(plan.path("mode").asText()).isEqualTo("SYNCHRONOUS");
        assertThat(plan.path("stop").path("goal").asText()).isEqualTo("MIN");
        assertThat(plan.path("stop").path("patience").asInt()).isEqualTo(5);
        assertThat(plan.path("settings").path("rate").toString()).isEqualTo("1.0");
        assertThat(plan.has("best")).isFalse();
        assertThat(rest.post(planned.path("/sessions"), "{\"plan\": " + plan + "}")
                        .json()
                        .path("plan"))
                .isEqualTo(plan);
    }

    @Test
    void a_finished_session_goes_on_for_more_rounds() {
        Alliance trained = federation.alliance("extended").useInstantPackage();
        trained.startAgents(2);
        SessionRun run = trained.start(Json.object().put("rounds", 1).put("minClients", 2));
        run.awaitFinish();

        assertProblem(rest.post(run.path("/extensions"), "{}"), 422, "NO_ROUNDS");
        assertThat(rest.post(run.path("/extensions"), "{\"rounds\": 2}").status())
                .isEqualTo(200);

        assertThat(run.awaitRounds(3).path("roundsCompleted").asInt()).isEqualTo(3);
        run.awaitFinish();
        assertCurvesAndSpans(run);
    }

    private void assertCurvesAndSpans(SessionRun run) {
        String metric =
                rest.get(run.path("/metrics")).json().get(0).path("name").asText();
        JsonNode curve = rest.get(run.path("/curve?metric=" + metric)).json();
        assertThat(curve.findValuesAsText("round")).containsExactly("1", "2", "3");
        assertThat(curve.get(2).path("count").asInt()).isEqualTo(2);
        assertThat(curve.get(2).path("mean").asDouble())
                .isBetween(
                        curve.get(2).path("min").asDouble(),
                        curve.get(2).path("max").asDouble());
        assertProblem(rest.get(run.path("/curve")), 400, "NO_METRIC");
        JsonNode spans = rest.get(run.path("/rounds/3/spans")).json();
        assertThat(spans.findValuesAsText("what")).contains("train", "validate", "reduce");
        assertThat(spans.findValuesAsText("client").stream().distinct()).hasSize(2);
    }

    @Test
    void a_session_refuses_a_move_that_its_state_does_not_allow_and_stays_as_it_is() {
        Alliance steered = federation.alliance("steered").useInstantPackage();
        String session = steered.path("/sessions/"
                + rest.post(steered.path("/sessions"), "{}").json().path("id").asText());
        assertRefusedMove(session, "resume", "CREATED");
        rest.post(session + "/start", "{}");
        rest.post(session + "/pause", "{}");
        assertRefusedMove(session, "start", "PAUSED");
        assertThat(rest.post(session + "/pause", "{}").status()).isEqualTo(200);
        rest.post(session + "/stop", "{\"after\": \"now\"}");
        assertRefusedMove(session, "resume", "CANCELLED");
        assertRefusedMove(session, "start", "CANCELLED");
    }

    private void assertRefusedMove(String session, String move, String state) {
        JsonNode before = rest.get(session).json();
        Rest.Answer answer = rest.post(session + "/" + move, "{}");
        assertProblem(answer, 409, "SESSION_STATE");
        assertThat(answer.json().path("detail").asText()).contains("is " + state + " and cannot be ");
        assertThat(answer.json().path("state").asText()).isEqualTo(state);
        assertThat(rest.get(session).json()).isEqualTo(before);
    }

    @Test
    void a_combiner_sends_bytes_in_pieces_and_goes_on_where_they_broke() throws Exception {
        ObjectNode wish = Json.object().put("kind", "COMBINER_JOIN").put("name", "pieces");
        String join = rest.post("/api/tokens", wish).json().path("token").asText();
        ObjectNode introduction = Json.object()
                .put("name", "pieces")
                .put("host", "127.0.0.1")
                .put("port", 9)
                .put("capacity", 1)
                .put("program", "test");
        JsonNode registered = rest.as(join).post("/api/combiners", introduction).json();
        String path = "/api/combiners/" + registered.path("combinerId").asText();
        rest.send("PATCH", path, JSON, HttpRequest.BodyPublishers.ofString("{\"draining\": true}"));
        Rest combiner = rest.as(registered.path("token").asText());
        byte[] content = "0123456789".repeat(100).getBytes(StandardCharsets.US_ASCII);
        String blob = "/api/blobs/" + sha256(content);

        HttpResponse<String> half = piece(combiner, blob, content, 0, 400);
        HttpResponse<String> gap = piece(combiner, blob, content, 500, 600);
        HttpResponse<String> rest1 = piece(combiner, blob, content, 400, 1000);

        assertThat(half.statusCode()).isEqualTo(202);
        assertThat(half.headers().firstValue("Upload-Offset")).contains("400");
        assertThat(gap.statusCode()).isEqualTo(409);
        assertThat(gap.headers().firstValue("Upload-Offset")).contains("400");
        assertThat(rest1.statusCode()).isEqualTo(201);
        assertThat(combiner.get(blob).body()).isEqualTo(new String(content, StandardCharsets.US_ASCII));
        assertProblem(
                combiner.send(
                        "PUT",
                        "/api/blobs/" + "0".repeat(64),
                        "application/octet-stream",
                        HttpRequest.BodyPublishers.ofByteArray(content)),
                422,
                "DIGEST_MISMATCH");
        assertProblem(
                rest.send("PUT", blob, "application/octet-stream", HttpRequest.BodyPublishers.ofByteArray(content)),
                403,
                "NOT_ALLOWED");
    }

    @Test
    void health_openapi_and_the_audit_chain_answer() {
        assertThat(rest.anonymously().get("/health/ready").json().path("checks").findValuesAsText("name"))
                .contains("database", "blob store");
        assertThat(rest.anonymously().get("/openapi").body())
                .contains(
                        "title: Foedus controller",
                        "/api/alliances/{alliance}/sessions/{id}/extensions",
                        "Who did what when in a round");
        assertThat(rest.get("/api/audit/verification").json().path("intact").asBoolean())
                .isTrue();
    }

    @Test
    void no_secret_is_in_a_log_a_command_line_or_the_database() throws IOException {
        String password = federation.adminPassword();
        String token = rest.token().orElseThrow();
        String secret = token.substring(token.lastIndexOf('_') + 11);

        try (Stream<Path> logs = Files.walk(federation.home().resolve("logs"))) {
            assertThat(logs.filter(Files::isRegularFile).toList())
                    .isNotEmpty()
                    .allSatisfy(log -> assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
                            .doesNotContain(password, secret));
        }
        assertThat(ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()))
                .noneMatch(line -> line.contains(password) || line.contains(secret));
        assertThat(federation.sql("SELECT * FROM api_token").toString()).doesNotContain(secret);
        assertThat(federation.sql("SELECT * FROM account").toString()).doesNotContain(password);
    }

    private void assertProblem(Rest.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.json().path("code").asText()).isEqualTo(code);
        assertThat(answer.json().path("detail").asText()).isNotBlank();
        assertThat(answer.json().path("remedy").asText()).isNotBlank();
        assertThat(answer.json().path("requestId").asText()).isNotBlank();
    }

    /** A seed model of the alliance, another one for each number. */
    private String seed(int number) {
        Path file = Models.write(alliance.files().resolve("seed-" + number + ".npz"), number, 2, 3);
        Rest.Answer answer = rest.postFile(alliance.path("/models?format=npz&name=seed-" + number), file);
        return answer.json().path("id").asText();
    }

    /** Sees to it that the alliance has a package. */
    private void activePackage() {
        Path archive = InstantPackage.archive(alliance.files().resolve("instant.zip"));
        rest.postFile(alliance.path("/packages?name=instant&fileName=instant.zip"), archive);
    }

    private String tokenOf(String account) {
        rest.post("/api/accounts", Json.object().put("name", account).put("password", "four random words do"));
        String basic = java.util.Base64.getEncoder()
                .encodeToString((account + ":four random words do").getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create(rest.base() + "/api/tokens"))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.ofString("{\"kind\": \"USER\", \"name\": \"test\"}"))
                .build();
        try {
            return Json.read(text(request)).path("token").asText();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(rest.base() + path))
                .header("Authorization", "Bearer " + rest.token().orElseThrow());
    }

    private HttpResponse<byte[]> bytes(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path);
        return HTTP.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String text(HttpRequest request) throws Exception {
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private HttpResponse<String> piece(Rest combiner, String blob, byte[] content, int from, int to) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(combiner.base() + blob))
                .header("Authorization", "Bearer " + combiner.token().orElseThrow())
                .header("Content-Type", "application/octet-stream")
                .header("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content, from, to - from))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String sha256(byte[] content) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
