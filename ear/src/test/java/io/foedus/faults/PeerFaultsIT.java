package io.foedus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.faults.Gates.Gate;
import io.foedus.federation.Alliance;
import io.foedus.federation.Full;
import io.foedus.federation.InstantPackage;
import io.foedus.federation.Member;
import io.foedus.federation.Models;
import io.foedus.federation.Rest;
import io.foedus.federation.SessionRun;
import io.foedus.protocol.v1.ResultReceipt;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Faults that were reproduced on FEDn 0.33 and on Flower 1.28, a test each, with the opposite result. Two clients made
 * by hand return models that hold one number throughout, so that the global model's number tells what was counted.
 */
@Full
@ExtendWith({SharedStage.class, Scored.class})
class PeerFaultsIT {
    private static final int VALUES = 1 << 18;
    private static final AtomicInteger ALLIANCES = new AtomicInteger();

    private final Stage stage;
    private final Alliance alliance;
    private final HandmadeClient one;
    private final HandmadeClient two;

    PeerFaultsIT(Stage stage) {
        this.stage = stage;
        alliance = stage.federation().alliance("peers-" + ALLIANCES.incrementAndGet());
        alliance.uploadPackage(InstantPackage.archive(alliance.files().resolve("instant.zip")));
        alliance.uploadSeed(write("seed", 0));
        one = HandmadeClient.join(alliance, "one");
        two = HandmadeClient.join(alliance, "two");
    }

    @AfterEach
    void leave() {
        one.close();
        two.close();
        stage.heal();
    }

    @Test
    void fedn_a_an_upload_interrupted_and_retried_is_stored_byte_for_byte() {
        SessionRun session = start(plan(1, 2));
        Task task = one.takeTask();
        byte[] update = model(1);
        int half = update.length / 2;

        one.uploadAndBreakOff(task, update, half);
        assertThat(one.durable(task, update)).isEqualTo(half);
        one.upload(task, update, half);
        assertThat(one.report(task, update, 1)).satisfies(PeerFaultsIT::accepted);
        two.deliver(two.takeTask(), model(3), 1);

        assertThat(result(session)).isEqualTo(2.0);
        assertThat(stage.federation()
                        .sql("SELECT size FROM model_update WHERE client_id = ?::uuid", one.id())
                        .get(0))
                .containsEntry("size", (long) update.length);
    }

    @Test
    void fedn_b_an_update_delivered_twice_counts_once() {
        SessionRun session = start(plan(1, 2));
        Task task = one.takeTask();
        assertThat(one.deliver(task, model(1), 1)).satisfies(PeerFaultsIT::accepted);
        assertThat(one.report(task, model(1), 1)).satisfies(PeerFaultsIT::accepted);
        two.deliver(two.takeTask(), model(3), 1);

        assertThat(result(session)).isEqualTo(2.0);
        assertThat(session.round(1).path("tally").path("accepted").asInt()).isEqualTo(2);
    }

    @Test
    void fedn_c_an_update_of_round_1_that_comes_in_round_2_is_late_and_in_no_model() {
        SessionRun session = start(plan(2, 1).put("minWaitSeconds", 1));
        Task late = two.takeTask();
        one.deliver(one.takeTask(), model(1), 1);
        session.awaitRounds(1);
        Task second = one.takeTask();

        ResultReceipt receipt = two.report(late, model(9), 1);
        one.deliver(second, model(1), 1);

        assertThat(receipt.getFate()).isEqualTo("LATE");
        assertThat(result(session)).isEqualTo(1.0);
        assertThat(session.round(2).path("baseModel").asText())
                .isEqualTo(session.round(1).path("model").asText());
    }

    @Test
    void fedn_d_unequal_combiners_are_weighed_by_their_examples() {
        stage.drainSpare(false);
        try (HandmadeClient three = HandmadeClient.join(alliance, "three", Stage.SPARE)) {
            SessionRun session = start(plan(1, 3));
            one.deliver(one.takeTask(), model(1), 4);
            two.deliver(two.takeTask(), model(1), 5);
            three.deliver(three.takeTask(), model(0), 1);

            assertThat(result(session)).isCloseTo(0.9, within(1e-7));
            assertThat(session.round(1).path("shares")).hasSize(2);
        } finally {
            stage.drainSpare(true);
        }
    }

    @Test
    void fedn_e_an_update_with_NaN_is_rejected_and_the_model_stays_finite() {
        SessionRun session = start(plan(1, 1));
        ResultReceipt poison = one.deliver(one.takeTask(), model(Double.NaN), 1);
        two.deliver(two.takeTask(), model(3), 1);

        assertThat(poison.getFate()).isEqualTo("REJECTED");
        assertThat(poison.getReason()).contains("NOT_FINITE");
        assertThat(result(session)).isEqualTo(3.0);
    }

    @Test
    void fedn_e_garbage_is_rejected_with_its_reason() {
        SessionRun session = start(plan(1, 1));
        ResultReceipt garbage = one.deliver(one.takeTask(), "garbage".getBytes(StandardCharsets.UTF_8), 1);
        two.deliver(two.takeTask(), model(3), 1);

        assertThat(garbage.getFate()).isEqualTo("REJECTED");
        assertThat(garbage.getReason()).isNotBlank();
        assertThat(result(session)).isEqualTo(3.0);
        assertThat(session.round(1).path("updates").toString()).contains("\"REJECTED\"");
    }

    @Test
    void fedn_f_a_combiner_that_restarts_asks_for_no_accepted_update_again() {
        SessionRun session = start(plan(1, 2));
        one.deliver(one.takeTask(), model(1), 1);
        two.takeTask();

        Member combiner = stage.federation().combiner();
        combiner.kill9();
        combiner.start().awaitReady();
        one.attachAgain();
        two.attachAgain();
        two.deliver(two.takeTask(), model(3), 1);

        assertThat(result(session)).isEqualTo(2.0);
        assertThat(one.pendingTask()).isEmpty();
    }

    @Test
    void fedn_g_a_typo_in_aggregator_parameters_is_refused_at_creation_and_nothing_hangs() {
        ObjectNode typo = request(plan(1, 2).put("aggregator", "trimmed-mean:{oops"));
        Rest.Answer answer = stage.federation().rest().post(alliance.path("/sessions"), typo);
        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.json().path("detail").asText()).contains("trimmed-mean");

        SessionRun next = start(plan(1, 2));
        one.deliver(one.takeTask(), model(1), 1);
        two.deliver(two.takeTask(), model(3), 1);
        assertThat(result(next)).isEqualTo(2.0);
    }

    @Test
    void flower_1_a_node_that_dies_with_a_task_gets_it_again() {
        SessionRun session = start(plan(1, 2));
        Task taken = one.takeTask();
        one.die();
        two.deliver(two.takeTask(), model(3), 1);

        one.attachAgain();
        Task again = one.takeTask();
        one.deliver(again, model(1), 1);

        assertThat(again.getTaskId()).isEqualTo(taken.getTaskId());
        assertThat(result(session)).isEqualTo(2.0);
    }

    @Test
    void flower_2_a_second_different_reply_is_a_duplicate_and_harms_nobody() {
        SessionRun session = start(plan(1, 2));
        Task task = one.takeTask();
        assertThat(one.deliver(task, model(1), 1)).satisfies(PeerFaultsIT::accepted);
        ResultReceipt second = one.report(task, model(9), 1);
        two.deliver(two.takeTask(), model(3), 1);

        assertThat(second.getFate()).isEqualTo("DUPLICATE");
        assertThat(result(session)).isEqualTo(2.0);
    }

    @Test
    void flower_3_4_5_the_orchestrator_dies_in_round_2_and_the_run_goes_on() {
        SessionRun session = start(plan(2, 2));
        one.deliver(one.takeTask(), model(1), 1);
        two.deliver(two.takeTask(), model(3), 1);
        session.awaitRounds(1);
        String first = session.round(1).path("model").asText();
        stage.gates().shut(Gate.REDUCE);
        one.deliver(one.takeTask(), model(5), 1);
        two.deliver(two.takeTask(), model(7), 1);

        stage.gates().awaitArrival(Gate.REDUCE);
        stage.federation().controller().kill9();
        stage.gates().open();
        stage.federation().controller().start().awaitReady();

        assertThat(result(session)).isEqualTo(6.0);
        assertThat(session.round(1).path("model").asText()).isEqualTo(first);
        assertThat(one.pendingTask()).isEmpty();
    }

    /** Two alliances at one combiner; the clients of one say what PostgreSQL cannot keep. */
    @Test
    void metrics_that_nobody_can_store_hold_no_other_alliance_up() {
        Alliance quiet = stage.federation().alliance("quiet-" + ALLIANCES.incrementAndGet());
        quiet.uploadPackage(InstantPackage.archive(quiet.files().resolve("instant.zip")));
        quiet.uploadSeed(write("seed", 0));
        ObjectNode measured = plan(1, 1).put("validateEvery", 1);
        try (HandmadeClient three = HandmadeClient.join(quiet, "three")) {
            SessionRun loud = alliance.start(measured.deepCopy().put("minClients", 2));
            SessionRun other = quiet.start(measured);
            for (HandmadeClient client : List.of(one, two)) {
                assertThat(client.deliver(client.takeTask(), model(1), poison()))
                        .satisfies(PeerFaultsIT::accepted);
            }
            three.deliver(three.takeTask(), model(2), 1);
            for (HandmadeClient client : List.of(one, two)) {
                assertThat(client.report(client.takeTask(), poison().setExamples(1)))
                        .satisfies(PeerFaultsIT::accepted);
            }
            three.report(
                    three.takeTask(), TaskResult.newBuilder().setExamples(1).putMetrics("accuracy", 0.75));

            assertThat(other.awaitFinish().path("state").asText()).isEqualTo("FINISHED");
            assertThat(loud.awaitFinish().path("state").asText()).isEqualTo("FINISHED");
            assertThat(other.round(1)
                            .path("metrics")
                            .path("accuracy")
                            .path("mean")
                            .asDouble())
                    .isEqualTo(0.75);
            JsonNode metrics = loud.round(1).path("metrics");
            assertThat(metrics.path("accuracy").path("mean").asDouble()).isEqualTo(0.5);
            assertThat(metrics.has("huge")).isFalse();
            assertThat(stage.federation().admin().list(alliance.path("/events"), 100))
                    .filteredOn(event -> event.path("kind").asText().equals("METRICS_LEFT_OUT"))
                    .hasSize(4);
        }
    }

    /** One number that may be a metric among many that may not. */
    private static TaskResult.Builder poison() {
        return TaskResult.newBuilder()
                .putMetrics("accuracy", 0.5)
                .putMetrics("nul\u0000", 1)
                .putMetrics("nan", Double.NaN)
                .setMetricsJson("{\"huge\": 1e400, \"large\": 1e308, \"text\": \"\\u0000\"}");
    }

    /** A plan without validation that keeps updates. */
    private static ObjectNode plan(int rounds, int minClients) {
        return Json.object()
                .put("rounds", rounds)
                .put("minClients", minClients)
                .put("validateEvery", 0)
                .put("deadlineSeconds", 120)
                .put("keepUpdates", true);
    }

    private static ObjectNode request(ObjectNode plan) {
        ObjectNode request = Json.object().put("start", true);
        request.set("plan", plan);
        return request;
    }

    private SessionRun start(ObjectNode plan) {
        return alliance.start(plan);
    }

    /** The number in the model of a session that has finished, after everything was checked. */
    private double result(SessionRun session) {
        String model = session.awaitFinish().path("model").asText();
        Checker.check(alliance, session, new Receipts());
        double[] values = alliance.values(model);
        assertThat(Arrays.stream(values).distinct().count()).isEqualTo(1);
        return values[0];
    }

    private byte[] model(double number) {
        try {
            return Files.readAllBytes(write("update", number));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(String name, double number) {
        double[] values = new double[VALUES];
        Arrays.fill(values, number);
        return Models.write(alliance.files().resolve(name + ".npz"), values);
    }

    private static void accepted(ResultReceipt receipt) {
        assertThat(receipt.getFate()).as(receipt.getReason()).isEqualTo("ACCEPTED");
    }
}
