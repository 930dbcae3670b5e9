package io.foedus.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.federation.Member;
import io.foedus.federation.SessionRun;
import io.foedus.federation.Site;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** A session in which an {@link Outage} happens in the first round. Used once, by one thread. */
final class Trial {
    static final int AGENTS = 4;

    private static final int ROUNDS = 2;
    private static final int DEADLINE_SECONDS = 10;
    private static final Duration MOST = Duration.ofSeconds(90);
    private static final String FIRST_ROUND =
            " (SELECT id FROM round WHERE session_id = ?::uuid AND number = 1 AND" + " attempt = 1)";

    private final Stage stage;
    private final Random random;
    private final SessionRun session;
    private Runnable release = () -> {};

    Trial(Stage stage, long seed) {
        this.stage = stage;
        this.random = new Random(seed);
        stage.aimAt(stage.federation().combiners().get(random.nextInt(2)));
        String seedModel = stage.newModels(random, Stage.VALUES, ROUNDS);
        ObjectNode plan = Json.object()
                .put("rounds", ROUNDS)
                .put("minClients", 1)
                .put("deadlineSeconds", DEADLINE_SECONDS)
                .put("retries", 3)
                .put("keepUpdates", true);
        session = stage.newSession(seedModel, plan);
    }

    String session() {
        return session.id();
    }

    Member controller() {
        return stage.federation().controller();
    }

    Member database() {
        return stage.federation().database();
    }

    /** The one that was drawn. */
    Member combiner() {
        return stage.combiner();
    }

    /** Starts the session and waits until its first round stands at a step. */
    void begin(Step step) {
        Moment moment = step.prepare(stage, random);
        release = moment::release;
        session.call("start");
        moment.await();
    }

    /**
     * Starts the session and waits until the other combiner has reported its share, and the one that was drawn has told
     * of one accepted update and waits for an agent that still trains; that one trains on until the end.
     */
    void beginWithOneReportAndOneUpdateOfAnother() {
        heldAgent().hold();
        session.call("start");
        await(
                "a report and an update of another combiner",
                () -> stage.federation()
                                        .count(
                                                "SELECT count(*) FROM share WHERE kind = 'TRAIN' AND phase = 'REPORTED' AND"
                                                        + " round_id =" + FIRST_ROUND,
                                                session.id())
                                == 1
                        && stage.federation()
                                        .count(
                                                "SELECT count(*) FROM model_update u JOIN combiner b ON b.id = u.combiner_id"
                                                        + " WHERE u.fate IN ('RECEIVED', 'ACCEPTED') AND b.name = ? AND u.round_id ="
                                                        + FIRST_ROUND,
                                                combiner().name(),
                                                session.id())
                                == 1);
    }

    private Site heldAgent() {
        String name = String.valueOf(stage.federation()
                .sql(
                        "SELECT c.name FROM client c JOIN combiner b ON b.id = c.combiner_id WHERE c.state = 'ATTACHED'"
                                + " AND b.name = ? ORDER BY c.name LIMIT 1",
                        combiner().name())
                .get(0)
                .get("name"));
        return stage.sites().stream()
                .filter(site -> site.process().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Kills a program, lets the round go on, and starts the program so long after the round's deadline. */
    void away(Member member, Duration afterDeadline) {
        Instant back = deadline().plus(afterDeadline);
        member.kill9();
        release.run();
        await("the deadline to pass", () -> Instant.now().isAfter(back));
        member.start();
        controller().awaitReady();
    }

    /** Stops a program for a time and lets the round go on. */
    void stop(Member member, Duration time) {
        member.signal("STOP");
        release.run();
        Instant back = Instant.now().plus(time);
        await("the lease to end", () -> Instant.now().isAfter(back));
        member.signal("CONT");
    }

    private Instant deadline() {
        Map<String, Object> round = stage.federation()
                .sql("SELECT deadline FROM round WHERE id =" + FIRST_ROUND, session.id())
                .get(0);
        return ((Timestamp) Objects.requireNonNull(round.get("deadline"))).toInstant();
    }

    /** Waits until the controller has closed the first round, one way or another. */
    void awaitJudgement() {
        await(
                "the round to be judged",
                () -> stage.federation()
                                .count(
                                        "SELECT count(*) FROM round WHERE phase = 'TRAINING' AND id =" + FIRST_ROUND,
                                        session.id())
                        == 0);
    }

    /** The session finishes, nothing it leaves contradicts itself, and nobody was left out who need not be. */
    void check(boolean losesNobody) {
        stage.sites().forEach(Site::release);
        session.awaitFinish();
        Checker.check(stage.alliance(), session, new Receipts());
        JsonNode first = session.rounds().get(0);
        boolean whole = first.path("phase").asText().equals("COMPLETED")
                && first.path("tally").path("accepted").asInt() == AGENTS;
        if (losesNobody && !whole) {
            throw new AssertionError(
                    "an update of a combiner that lives was left out of the first round\n" + session.describe());
        }
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(MOST)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }
}
