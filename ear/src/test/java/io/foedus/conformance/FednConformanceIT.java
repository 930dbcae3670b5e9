package io.foedus.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.conformance.Python.Answer;
import io.foedus.federation.Federation;
import io.foedus.federation.Full;
import io.foedus.federation.SessionRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The unmodified {@code fedn==0.33.0} against a controller and two combiners: every call with its result is a line of
 * {@code target/fedn-conformance.txt}. Skipped, with the reason, where no Python 3.9 to 3.12 or no such package can be
 * had.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FednConformanceIT {
    private static final String VERSION = "0.33.0";
    private static final double EXACT = 1e-5;

    private final Report report = new Report("FEDn " + VERSION + ", unmodified, against Foedus");
    private final List<FednLab> labs = new ArrayList<>();
    private int mark;
    private @Nullable Python python;
    private @Nullable Federation federation;

    @BeforeAll
    void start() {
        try {
            python = Python.forFedn().with(Path.of("target/fedn-venv").toAbsolutePath(), "fedn==" + VERSION);
        } catch (Python.NotHere reason) {
            System.out.println("FednConformanceIT is skipped: " + reason.reason());
            Assumptions.abort(reason.reason());
        }
        Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
        federation = Federation.named("fedn")
                .combiners("north", "south")
                .controllerSetting("FOEDUS_COMBINERS_LEASE_SECONDS", 60)
                .start();
    }

    @BeforeEach
    void mark() {
        mark = report.size();
    }

    @AfterEach
    void stopClients() {
        labs.forEach(FednLab::close);
        labs.clear();
    }

    @AfterAll
    void stop() {
        if (federation != null) {
            federation.close();
        }
        if (report.size() > 0) {
            report.publish(Path.of("target/fedn-conformance.txt"));
        }
    }

    /**
     * Four clients of four kinds on two combiners train together: FEDn's client with the package from the controller,
     * the same with a package and a configuration file of its own, one made with FEDn's library, and a Foedus agent.
     */
    @Full
    @Test
    @Order(1)
    void the_api_client_drives_a_session_of_every_kind_of_client() throws IOException {
        FednLab lab = lab("conformance").materials(0);
        check("fedn", "--version", lab.fedn("--version"), VERSION);
        FednSite remote = lab.site("remote", 1, 100).start("--preferred-combiner", "south");
        remote.await("Retrying in 3 seconds");
        FednSite local = lab.site("local", 2, 300);
        copyPackage(lab, local.folder().resolve("client"));
        ObjectNode file = Json.object().put("api_url", lab.url()).put("token", lab.joinToken());
        file.put("preferred_combiner", "north");
        Files.writeString(local.folder().resolve("client.yaml"), Json.line(file));
        local.start("--init", "client.yaml", "--local-package");
        FednSite library = lab.site("library", 4, 200).script("callback_client.py");
        lab.agent("agent", 8, 400);
        List<Map<String, Number>> sites = List.of(
                Map.of("shift", 1, "examples", 100),
                Map.of("shift", 2, "examples", 300),
                Map.of("shift", 4, "examples", 200),
                Map.of("shift", 8, "examples", 400));
        Files.writeString(lab.folder().resolve("sites.json"), Json.line(sites));

        Answer driven =
                lab.script("drive_api.py", hostAndPath(lab), lab.folder().toString(), "4");

        lines("APIClient", driven);
        JsonNode clients = lab.get("clients/").path("result");
        seen("client", "waits until there is a package", remote.log().contains("Compute package unpacked"), "HTTP 203");
        seen(
                "client",
                "attends the combiner that it prefers",
                combinerOf(clients, "remote").equals("south"),
                "south");
        seen(
                "client",
                "--init file, --local-package",
                combinerOf(clients, "local").equals("north"),
                "north");
        seen("client", "made with the library", library.isAlive(), "metrics and attributes logged");
        seen("client", "is still there after three rounds", remote.isAlive() && local.isAlive(), "three kinds");
        commandLine(lab);
        requireAllRight();
    }

    private void commandLine(FednLab lab) {
        for (String noun :
                List.of("client", "combiner", "model", "package", "round", "session", "status", "validation")) {
            String many = noun.equals("status") ? "statuses" : noun + "s";
            String id = lab.get(many + "/")
                    .path("result")
                    .path(0)
                    .path(noun + "_id")
                    .asText();
            check("fedn", noun + " list", lab.fedn(noun, "list", "--n_max", "2"), "Found ");
            check("fedn", noun + " get", lab.fedn(noun, "get", "-id", id), id);
        }
        String session = "";
        for (JsonNode one : lab.get("sessions/").path("result")) {
            if (one.path("name").asText().equals("conformance")) {
                session = one.path("session_id").asText();
            }
        }
        check("fedn", "model list -s", lab.fedn("model", "list", "-s", session), "Found 3 models");
        String seed = lab.folder().resolve("seed.npz").toString();
        check("fedn", "model set-active", lab.fedn("model", "set-active", "-f", seed), "uploaded successfully");
        check("fedn", "session start", lab.fedn("session", "start", "-n", "by hand", "-r", "1", "-mc", "4"), "success");
        Awaitility.await("the session of the command line is over")
                .until(() -> lab.get("sessions/?name=by hand".replace(" ", "%20"))
                        .path("result")
                        .path(0)
                        .path("status")
                        .asText()
                        .equals("Finished"));
        seen(
                "fedn",
                "session start: its round",
                lab.get("rounds/").path("count").asInt() == 4,
                "Finished");
        Answer refused = lab.fedn("session", "start", "-a", "nonsense");
        seen("fedn", "session start -a nonsense", refused.output().contains("no aggregator"), refused.output());
        Answer nobody = lab.fedn("model", "get", "-id", "nothing");
        seen("fedn", "model get of an unknown id", nobody.output().contains("404"), nobody.output());
    }

    @Full
    @Test
    @Order(2)
    void a_client_with_the_wrong_token_is_told_so_and_ends() {
        FednLab lab = lab("tokens").materials(0).upload();
        FednSite site = lab.site("stranger", 1, 1).start("--token", "nonsense");
        int code = site.exitCode();
        seen("client", "wrong token: ends and says why", site.log().contains("Unauthorized"), "exit code " + code);
        FednSite twin = lab.site("taken", 1, 1).start();
        lab.awaitOnline(1);
        FednSite other = new FednSite(lab, "taken", 1, 1).start();
        other.exitCode();
        seen(
                "client",
                "name of another that is there",
                other.log().contains("There is a client named"),
                lastLine(other));
        assertThat(twin.isAlive()).isTrue();
        requireAllRight();
    }

    @Full
    @Test
    @Order(3)
    void a_combiner_that_is_killed_during_training_asks_nobody_again() {
        FednLab lab = lab("restart").materials(0).upload();
        FednSite one = lab.site("one", 1, 100).say("seconds", 6).start("--preferred-combiner", "north");
        FednSite two = lab.site("two", 3, 300).say("seconds", 8).start("--preferred-combiner", "north");
        lab.awaitOnline(2);
        SessionRun run = lab.alliance().start(plan(1, 2));
        one.await("Running train callback");
        two.await("Running train callback");

        federation().combiner("north").kill9();
        federation().combiner("north").restart();

        JsonNode session = run.awaitFinish();
        JsonNode round = run.round(1);
        seen("client", "combiner killed while it trains", accepted(round) == 2, round.path("tally"));
        seen("client", "… and trains once only", one.trainings() == 1 && two.trainings() == 1, "1 training each");
        double level = lab.alliance().values(session.path("model").asText())[0];
        seen("client", "… and counts once", Math.abs(level - 2.5) < EXACT, "weighted mean " + level);
        seen("client", "… and stays", one.isAlive() && two.isAlive(), "both reconnected");
        requireAllRight();
    }

    @Full
    @Test
    @Order(4)
    void a_client_that_dies_while_it_uploads_is_counted_out_at_once() {
        FednLab lab = lab("upload").materials(8).upload();
        FednSite dying = lab.site("dying", 1, 1_000).script("die_uploading.py");
        lab.site("living", 1, 100).start();
        lab.awaitOnline(2);
        SessionRun run = lab.alliance().start(plan(1, 1));

        run.awaitFinish();

        JsonNode round = run.round(1);
        seen("client", "killed in its upload", dying.exitCode() == 9, lastLine(dying));
        seen("client", "… is lost, the other counts", accepted(round) == 1 && lost(round) == 1, round.path("tally"));
        seen("client", "… and nobody waits for the deadline", beforeDeadline(round, "trainingAt"), "120 s");
        requireAllRight();
    }

    @Full
    @Test
    @Order(5)
    void a_failing_script_ends_the_client_and_not_the_round() {
        FednLab lab = lab("failing").materials(0).upload();
        FednSite good = lab.site("good", 1, 100).say("blind", true).start();
        FednSite bad = lab.site("bad", 3, 300).say("fails", true).start();
        lab.awaitOnline(2);
        SessionRun first = lab.alliance().start(plan(1, 1));

        first.awaitFinish();

        JsonNode round = first.round(1);
        seen("client", "failing train script ends it", bad.exitCode() == 1, "exit code 1, as FEDn's client does");
        seen("client", "… the other counts", accepted(round) == 1, round.path("tally"));
        seen("client", "… nobody waits for the deadline", beforeDeadline(round, "trainingAt"), "120 s");
        seen("client", "failing validate script: no wait", beforeDeadline(round, "validatingAt"), "120 s");

        good.say("blind", false);
        bad.say("fails", false).start();
        lab.awaitOnline(2);
        SessionRun second = lab.alliance().start(plan(1, 2));
        second.awaitFinish();
        JsonNode again = second.round(1);
        seen("client", "started again by a supervisor", accepted(again) == 2, again.path("tally"));
        seen("client", "… both validate", again.path("validations").size() == 2, again.path("metrics"));
        requireAllRight();
    }

    @Full
    @Test
    @Order(6)
    void hostile_input_meets_a_sentence() {
        FednLab lab = lab("hostile").materials(0).upload();
        FednLab foreign = lab("foreign");
        JsonNode combiner = lab.get("combiners/").path("result").path(0);
        String address =
                combiner.path("address").asText() + ":" + combiner.path("port").asText();
        Answer answer = lab.script(
                "hostile.py",
                lab.url(),
                foreign.url(),
                address,
                lab.joinToken(),
                lab.folder().toString());
        lines("hostile", answer);
        requireAllRight();
    }

    /** A float64 seed, as {@code np.zeros} makes it, and two clients as FEDn's notebooks write them; a third errs. */
    @Test
    @Order(7)
    void clients_written_by_hand_train_a_float64_model_in_float32() {
        FednLab lab = lab("notebook").materials(0);
        Answer seed = lab.script("seed.py", lab.folder().resolve("seed.npz").toString(), "0", "float64");
        assertThat(seed.ok()).as(seed.output()).isTrue();
        lab.upload();
        FednSite one = lab.site("one", 1, 100).script("notebook_client.py");
        FednSite two = lab.site("two", 3, 300).script("notebook_client.py");
        FednSite errs = lab.site("errs", 5, 100).say("tensors", 1).script("notebook_client.py");
        lab.awaitOnline(3);
        SessionRun run = lab.alliance().start(plan(1, 2));

        JsonNode session = run.awaitFinish();

        JsonNode round = run.round(1);
        seen("client", "by hand, its name in the metadata", accepted(round) == 2, round.path("tally"));
        double level = lab.alliance().values(session.path("model").asText())[0];
        seen("client", "float32 updates of a float64 model", Math.abs(level - 2.5) < EXACT, "weighted mean " + level);
        errs.await("REJECTED: LAYOUT");
        seen("client", "update refused: its log says why", errs.isAlive(), lineWith(errs, "REJECTED"));
        seen("client", "… and stays", one.isAlive() && two.isAlive(), "all three");
        requireAllRight();
    }

    // ---- words of these tests

    private FednLab lab(String name) {
        FednLab lab = new FednLab(federation(), java.util.Objects.requireNonNull(python), name);
        labs.add(lab);
        return lab;
    }

    private Federation federation() {
        return java.util.Objects.requireNonNull(federation);
    }

    private static ObjectNode plan(int rounds, int clients) {
        return Json.object().put("rounds", rounds).put("minClients", clients).put("deadlineSeconds", 120);
    }

    private static String hostAndPath(FednLab lab) {
        return lab.url().replaceFirst("^http://", "");
    }

    private static String combinerOf(JsonNode clients, String name) {
        for (JsonNode client : clients) {
            if (client.path("name").asText().equals(name)) {
                return client.path("combiner").asText();
            }
        }
        return "";
    }

    private static int accepted(JsonNode round) {
        return round.path("tally").path("accepted").asInt();
    }

    private static int lost(JsonNode round) {
        return round.path("tally").path("lost").asInt();
    }

    /** Whether the phase that began then was over before the plan's deadline. */
    private static boolean beforeDeadline(JsonNode round, String phase) {
        Instant began = Instant.parse(round.path(phase).asText());
        return Duration.between(began, Instant.parse(round.path("finishedAt").asText()))
                        .toSeconds()
                < 120;
    }

    private static void copyPackage(FednLab lab, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (var files = Files.list(lab.resource("package"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private static String lineWith(FednSite site, String text) {
        return site.log()
                .lines()
                .filter(line -> line.contains(text))
                .findFirst()
                .orElse("");
    }

    private static String lastLine(FednSite site) {
        String[] lines = site.log().strip().lines().toArray(String[]::new);
        return lines[lines.length - 1];
    }

    private void seen(String by, String call, boolean right, Object what) {
        report.add(by, call, right, what.toString());
    }

    private void check(String by, String call, Answer answer, String expected) {
        String[] lines = answer.output().strip().lines().toArray(String[]::new);
        boolean right = answer.ok() && answer.output().contains(expected);
        report.add(by, call, right, right ? lines[0] : answer.output());
    }

    /** The lines that a script of these tests has printed; one that breaks off is a failure too. */
    private void lines(String by, Answer answer) {
        for (String line : answer.output().lines().toList()) {
            try {
                JsonNode told = Json.read(line);
                report.add(
                        by,
                        told.path("call").asText(),
                        told.path("ok").asBoolean(),
                        told.path("seen").asText());
            } catch (IOException e) {
                report.add(by, "output", false, line);
            }
        }
        if (!answer.ok()) {
            report.add(by, "to its end", false, "exit code " + answer.exitCode());
        }
    }

    private void requireAllRight() {
        assertThat(report.failuresSince(mark)).isEmpty();
    }
}
