package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.federation.Alliance;
import io.foedus.federation.CommandLine;
import io.foedus.federation.Federation;
import io.foedus.federation.InstantPackage;
import io.foedus.federation.Models;
import io.foedus.federation.Rest;
import io.foedus.federation.SessionRun;
import io.foedus.federation.SharedFederation;
import io.foedus.federation.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What people and programs get wrong, through the real command line and over REST: the message names the thing and the
 * remedy, the exit code or status says what kind of mistake it was, and nothing of it stays.
 */
@ExtendWith(SharedFederation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
    private final Federation federation;
    private final Alliance alliance;
    private final Path token;
    private final List<String> leftByOthers;

    BadInputIT(Federation federation, @TempDir Path directory) throws IOException {
        this.federation = federation;
        alliance = federation.alliance("mistakes").useInstantPackage();
        leftByOthers = blobsWithoutRow();
        token = Files.writeString(
                directory.resolve("token"), federation.rest().token().orElseThrow());
    }

    @AfterAll
    void leave() {
        alliance.close();
    }

    @ParameterizedTest
    @CsvSource({"demo --bogus", "server --bogus", "combiner --bogus", "agent --bogus", "session create --bogus"})
    void an_unknown_flag_is_named(String line) {
        CommandLine.Answer answer = CommandLine.foedus(Map.of(), line.split(" "));

        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.err()).contains("--bogus").contains("--help");
        assertThat(answer.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"demo --rounds 0, --rounds", "demo --agents many, --agents", "demo --port 70000, 70000"})
    void a_number_out_of_bounds_is_named(String line, String thing) {
        CommandLine.Answer answer = CommandLine.foedus(Map.of(), line.split(" "));

        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.err()).contains(thing).contains("try: ");
    }

    @ParameterizedTest
    @CsvSource({"demo", "server"})
    void a_port_in_use_is_named_before_anything_is_made(String command, @TempDir Path directory) throws IOException {
        Path data = directory.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            CommandLine.Answer answer =
                    CommandLine.foedus(Map.of(), command, "--port", port, "--data", data.toString());

            assertThat(answer.exitCode()).isEqualTo(5);
            assertThat(answer.err()).contains("port " + port).contains("--port");
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void a_controller_that_is_not_there_is_named() {
        CommandLine.Answer answer = CommandLine.foedus(
                Map.of("FOEDUS_TOKEN_FILE", token.toString(), "FOEDUS_ALLIANCE", "mistakes"),
                "session",
                "list",
                "--controller",
                "http://127.0.0.1:1");

        assertThat(answer.exitCode()).isEqualTo(6);
        assertThat(answer.err()).contains("http://127.0.0.1:1").contains("try: ");
    }

    @Test
    void a_package_without_fedn_yaml_is_refused() {
        Path archive = InstantPackage.archive(file("headless.zip"), Map.of("train.py", "print('hello')"));

        refusesPackage(archive, "PACKAGE_WITHOUT_DESCRIPTOR", "fedn.yaml");
    }

    @ParameterizedTest
    @CsvSource({"../escape.sh", "a/../../escape.sh", "/etc/escape.sh"})
    void a_package_with_an_entry_that_leads_out_of_it_is_refused(String entry) {
        Path archive = InstantPackage.archive(
                file("escape.zip"), Map.of("fedn.yaml", "entry_points: {train: {command: true}}", entry, "x"));

        refusesPackage(archive, "PACKAGE_ENTRY_UNSAFE", entry);
    }

    @Test
    void a_package_that_an_agent_could_not_unpack_is_refused() {
        Path archive = InstantPackage.archive(
                file("both.zip"),
                Map.of("fedn.yaml", "entry_points: {train: {command: 'true'}}", "data", "x", "data/part", "y"));

        refusesPackage(archive, "PACKAGE_ENTRY_UNSAFE", "data");
    }

    @Test
    void a_package_that_is_no_archive_is_refused() throws IOException {
        refusesPackage(Files.writeString(file("letter.zip"), "Dear Sir or Madam"), "NOT_A_PACKAGE", "zip");
    }

    @Test
    void a_package_without_train_is_refused() {
        Path archive = InstantPackage.archive(
                file("idle.zip"), Map.of("fedn.yaml", "entry_points:\n  validate:\n    command: true\n"));

        refusesPackage(archive, "PACKAGE_DESCRIPTOR_INVALID", "train");
    }

    @Test
    void the_same_package_again_is_told_where_it_is() {
        String id = alliance.federation()
                .admin()
                .list(alliance.path("/packages"), 10)
                .get(0)
                .path("id")
                .asText();

        refusesPackage(InstantPackage.archive(file("again.zip")), "PACKAGE_EXISTS", id);
    }

    @Test
    void a_seed_that_is_no_model_is_refused() throws IOException {
        Path letter = Files.writeString(file("letter.npz"), "Dear Sir or Madam");
        long models = alliance.models().size();

        Rest.Answer answer = federation.rest().postFile(alliance.path("/models?name=letter&format=npz"), letter);

        refuses(answer, 422, "NOT_A_MODEL", "npz");
        assertThat(alliance.models()).hasSize((int) models);
        assertNothingReceivedIsLeft();
    }

    @Test
    void the_same_seed_again_is_told_where_it_is() {
        Path seed = Models.write(file("again.npz"), new double[InstantPackage.VALUES]);
        JsonNode kept = alliance.models().stream()
                .filter(model -> !model.hasNonNull("parent"))
                .findFirst()
                .orElseThrow();

        Rest.Answer answer = federation.rest().postFile(alliance.path("/models?name=again&format=npz"), seed);

        refuses(answer, 409, "MODEL_EXISTS", kept.path("id").asText());
    }

    @Test
    void every_mistake_of_a_plan_is_listed_and_no_session_is_made() {
        ObjectNode plan = Json.object()
                .put("rounds", 0)
                .put("minClients", -1)
                .put("agregator", "mean")
                .put("aggregator", "trimed-mean")
                .put("mode", "WARP");
        ObjectNode request = Json.object().put("start", true);
        request.set("plan", plan);
        long sessions = federation.count("SELECT count(*) FROM session");

        Rest.Answer answer = federation.rest().post(alliance.path("/sessions"), request);

        refuses(answer, 422, "PLAN_INVALID", "rounds");
        assertThat(answer.body()).contains("minClients", "agregator is not", "trimed-mean", "WARP");
        assertThat(federation.count("SELECT count(*) FROM session")).isEqualTo(sessions);
    }

    @Test
    void what_is_not_json_is_a_bad_request() {
        refuses(federation.rest().post(alliance.path("/sessions"), "{\"plan\": "), 400, "MALFORMED_JSON", "JSON");
        refuses(federation.rest().post("/api/alliances", "[1, 2]"), 400, "MALFORMED_JSON", "JSON");
        refuses(federation.rest().post("/api/alliances", "null"), 400, "MALFORMED_JSON", "JSON");
    }

    @Test
    void what_does_not_exist_is_not_found() {
        refuses(federation.rest().get("/api/alliances/nowhere/models"), 404, "UNKNOWN_ALLIANCE", "nowhere");
        refuses(federation.rest().get("/api/nothing"), 404, "NOT_FOUND", "address");
    }

    @Test
    void nobody_gets_in_without_a_token_or_with_a_false_one() {
        refuses(federation.rest().anonymously().get("/api/me"), 401, "NO_TOKEN", "Bearer");
        Rest.Answer answer = federation.rest().as("fds_u_forged").get("/api/me");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.contentType()).startsWith("application/problem+json");
    }

    /** Each: the fault, and patterns of the event that tells of it. Of a hanging one agent or combiner tells first. */
    @ParameterizedTest
    @CsvSource({
        "FAIL, update.failed, exit code 3",
        "HANG, update.failed|CLIENT_LOST, did not end within|was still at work",
        "NOTHING, update.failed, wrote nothing",
        "NO_METADATA, update.failed, num_examples",
        "NAN, update.rejected, NOT_FINITE",
        "LAYOUT, update.rejected, shape .15.. expected .16."
    })
    void an_agent_whose_training_goes_wrong_fails_the_round_and_people_read_why(
            Site.Fault fault, String kind, String said) {
        Site site = alliance.site("agent-" + fault.word()).fault(fault).start();
        int models = alliance.models().size();
        try {
            SessionRun run = alliance.start(Json.object()
                    .put("rounds", 1)
                    .put("minClients", 1)
                    .put("deadlineSeconds", 8)
                    .put("retries", 0));

            JsonNode session = run.awaitEnd();

            assertThat(session.path("state").asText()).as(run.describe()).isEqualTo("FAILED");
            assertThat(session.path("reason").asText()).contains("round 1");
            assertThat(federation.admin().list(alliance.path("/events?session=" + run.id()), 100))
                    .as("events of the session")
                    .anySatisfy(event -> {
                        assertThat(event.path("kind").asText()).matches(kind);
                        assertThat(event.path("message").asText()).containsPattern(said);
                    });
            assertThat(alliance.models()).hasSize(models);
            assertThat(site.agent().isAlive()).as("the agent goes on").isTrue();
        } finally {
            site.noFault().stop();
        }
    }

    private void refusesPackage(Path archive, String code, String thing) {
        long packages = federation.count("SELECT count(*) FROM compute_package");
        Rest.Answer answer = federation.rest().postFile(alliance.path("/packages?name=bad&fileName=bad.zip"), archive);
        int status = code.endsWith("_EXISTS") ? 409 : 422;
        refuses(answer, status, code, thing);

        CommandLine.Answer typed = CommandLine.foedus(
                Map.of("FOEDUS_TOKEN_FILE", token.toString()),
                "package",
                "upload",
                archive.toString(),
                "--alliance",
                alliance.name(),
                "--controller",
                federation.controller().uri().toString());
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(status == 409 ? 5 : 7);
        assertThat(typed.err()).contains("error: ").contains("try: ").contains(thing);

        assertThat(federation.count("SELECT count(*) FROM compute_package")).isEqualTo(packages);
        assertNothingReceivedIsLeft();
    }

    private static void refuses(Rest.Answer answer, int status, String code, String thing) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("detail").asText() + problem.path("remedy").asText())
                .contains(thing);
        assertThat(problem.path("remedy").asText()).isNotEmpty();
        assertThat(answer.body()).doesNotContain("Exception", "io.foedus", "\tat ");
    }

    /**
     * Every blob is one that a row names, or was there before: what other tests deleted is collected after its grace.
     */
    private void assertNothingReceivedIsLeft() {
        assertThat(blobsWithoutRow()).isSubsetOf(leftByOthers);
    }

    private List<String> blobsWithoutRow() {
        Path blobs = federation.home().resolve("controller/blobs");
        try (Stream<Path> tree = Files.walk(blobs)) {
            List<String> known = federation
                    .sql("SELECT digest FROM model UNION SELECT digest FROM compute_package"
                            + " UNION SELECT digest FROM model_update WHERE digest IS NOT NULL"
                            + " UNION SELECT partial_digest FROM share WHERE partial_digest IS NOT NULL")
                    .stream()
                    .map(row -> String.valueOf(row.get("digest")))
                    .toList();
            return tree.filter(Files::isRegularFile)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !known.contains(name))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(Arrays.toString(e.getStackTrace()), e);
        }
    }

    private Path file(String name) {
        return alliance.files().resolve(name);
    }
}
