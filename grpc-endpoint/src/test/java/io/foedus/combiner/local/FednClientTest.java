package io.foedus.combiner.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import io.foedus.combiner.collection.entity.Limits;
import io.foedus.combiner.json.Json;
import io.foedus.core.exchange.KnownClient;
import io.foedus.core.exchange.ObservationReport;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.protocol.fedn.AttributeElem;
import io.foedus.protocol.fedn.AttributeMessage;
import io.foedus.protocol.fedn.MetricElem;
import io.foedus.protocol.fedn.ModelMetric;
import io.foedus.protocol.fedn.ModelStatus;
import io.foedus.protocol.fedn.ModelValidation;
import io.foedus.protocol.fedn.Role;
import io.foedus.protocol.fedn.StatusType;
import io.foedus.protocol.fedn.TaskRequest;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What FEDn 0.33's client does, call by call, and what it must hear. */
class FednClientTest {
    private static final byte[] BASE = Models.of(0, 0, 0, 0);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final KnownClient client = new KnownClient(UUID.randomUUID(), LocalFederation.ALLIANCE, "c1");

    @TempDir
    Path dir;

    LocalFederation federation;
    FednProgram program;

    @BeforeEach
    void start() {
        federation = LocalFederation.start(dir);
        federation.controller.know("ext-1", client);
        program = new FednProgram(federation.channel(), "ext-1", "ext-1", null);
    }

    @AfterEach
    void stop() {
        federation.close();
    }

    @Test
    void a_training_task_goes_down_and_its_update_is_counted_by_the_echoed_round() throws Exception {
        attend();
        Order order = open(TaskKind.TRAIN);
        TaskRequest task = program.nextTask();

        assertThat(task.getType()).isEqualTo(StatusType.MODEL_UPDATE);
        assertThat(task.getSender().getRole()).isEqualTo(Role.COMBINER);
        assertThat(Json.readObject(task.getData()))
                .containsEntry("round_id", order.roundId().toString())
                .containsKey("client_settings");
        assertThat(program.download(task.getModelId())).isEqualTo(BASE);
        String id = UUID.randomUUID().toString();
        assertThat(program.upload(id, Models.of(1, 2, 3, 4))).isEqualTo(ModelStatus.OK);
        String answer = program.update(task, id, 12);

        assertThat(answer).contains("ACCEPTED");
        ShareReport report = report(order);
        assertThat(report.examples()).isEqualTo(12);
        assertThat(report.inputs().get(0).clientId()).isEqualTo(client.clientId());
        assertThat(Models.mean(
                        federation.controller.blob(
                                Objects.requireNonNull(report.partial()).digest()),
                        report))
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void an_upload_and_its_update_sent_again_count_once() throws Exception {
        attend();
        federation.agent();
        await().until(() -> federation.controller.attached().size() == 2);
        Order order = federation.order(BASE, 2, 2, LONG);
        federation.controller.open(order);
        TaskRequest task = program.nextTask();
        String id = UUID.randomUUID().toString();
        byte[] update = Models.of(1, 2, 3, 4);

        program.begin(id, new byte[500], new CompletableFuture<>()).onError(Status.CANCELLED.asRuntimeException());
        assertThat(program.upload(id, update)).isEqualTo(ModelStatus.OK);
        assertThat(program.update(task, id, 1)).contains("ACCEPTED");
        assertThat(program.update(task, id, 1)).contains("is known");
        assertThat(program.upload(id, update)).isEqualTo(ModelStatus.OK);
        assertThat(program.update(task, id, 1)).contains("ACCEPTED");

        await().untilAsserted(() -> assertThat(federation.controller.updates())
                .filteredOn(n -> n.clientId().equals(client.clientId()))
                .hasSize(1));
    }

    @Test
    void a_validation_is_known_by_its_correlation() throws Exception {
        attend();
        Order order = open(TaskKind.VALIDATE);
        TaskRequest task = program.nextTask();

        program.combiner()
                .sendModelValidation(ModelValidation.newBuilder()
                        .setSender(program.sender())
                        .setModelId(task.getModelId())
                        .setCorrelationId(task.getCorrelationId())
                        .setData("{\"accuracy\": 0.75, \"report\": \"text\"}")
                        .build());

        report(order);
        assertThat(federation.controller.validations().get(0).metrics())
                .isEqualTo(Map.of("accuracy", 0.75, "report", "text"));
    }

    @Test
    void a_client_that_reads_on_without_a_result_has_failed_its_task() throws Exception {
        attend();
        Order order = open(TaskKind.VALIDATE);
        program.nextTask();
        TaskRequest afterword = program.nextTask();

        assertThat(afterword.getType()).isEqualTo(StatusType.LOG);
        program.status(io.foedus.protocol.fedn.Status.newBuilder()
                .setStatus("Received request from combiner.")
                .setType(afterword.getType())
                .setData(Json.write(Map.of(
                        "correlationId", afterword.getCorrelationId(),
                        "modelId", afterword.getModelId(),
                        "meta", afterword.getMeta()))));
        federation.clock.advance(Limits.SETTLING);

        assertThat(report(order).tally().accepted()).isZero();
    }

    @Test
    void a_model_of_a_closed_round_is_failed_so_that_the_client_drops_the_task() throws Exception {
        attend();
        Order order = open(TaskKind.TRAIN);
        TaskRequest task = program.nextTask();
        federation.controller.close(order.key());
        await().until(() -> program.firstPart(task.getModelId()) == ModelStatus.FAILED);

        String id = UUID.randomUUID().toString();
        assertThat(program.upload(id, BASE)).isEqualTo(ModelStatus.OK);
        assertThat(program.update(task, id, 1)).isNotEmpty();
        assertThat(federation.controller.report(order.key())).isEmpty();
    }

    /** What Python's json writes of NaN is no JSON; an hour of training is not thrown away for it. */
    @Test
    void metrics_that_cannot_be_stored_are_left_out_and_the_result_counts() throws Exception {
        attend();
        Order order = open(TaskKind.VALIDATE);
        TaskRequest task = program.nextTask();

        program.combiner()
                .sendModelValidation(ModelValidation.newBuilder()
                        .setSender(program.sender())
                        .setCorrelationId(task.getCorrelationId())
                        .setData("{\"accuracy\": 0.75, \"loss\": NaN, \"huge\": 1e400, \"nul\\u0000\": 1}")
                        .build());

        report(order);
        assertThat(federation.controller.validations().get(0).metrics()).isEqualTo(Map.of("accuracy", 0.75));
        await().untilAsserted(() -> assertThat(federation.controller.events())
                .anySatisfy(event ->
                        assertThat(event.message()).contains("'loss' is NaN", "'huge' is not finite", "'nul\\u0000'")));
    }

    @Test
    void what_a_client_logs_is_bounded_and_printable() {
        attend();
        program.combiner()
                .sendAttributeMessage(AttributeMessage.newBuilder()
                        .setSender(program.sender())
                        .addAttributes(
                                AttributeElem.newBuilder().setKey("os\u0000").setValue("a\u001b[0m"))
                        .build());
        ModelMetric.Builder metric = ModelMetric.newBuilder()
                .setSender(program.sender())
                .addMetrics(MetricElem.newBuilder().setKey("\u0000").setValue(1))
                .addMetrics(MetricElem.newBuilder().setKey("nan").setValue(Float.NaN))
                .setTimestamp(Timestamp.newBuilder().setSeconds(200_000_000_000L));
        for (int i = 0; i < 50_000; i++) {
            metric.addMetrics(MetricElem.newBuilder().setKey("m" + i).setValue(i));
        }
        program.combiner().sendModelMetric(metric.build());

        await().untilAsserted(() -> {
            assertThat(federation.controller.observations())
                    .flatExtracting(ObservationReport::attributes)
                    .satisfiesExactly(one -> {
                        assertThat(one.key()).isEqualTo("os\\u0000");
                        assertThat(one.value()).isEqualTo("a\\u001b[0m");
                    });
            assertThat(federation.controller.observations())
                    .flatExtracting(ObservationReport::metrics)
                    .hasSize(200)
                    .allSatisfy(one -> assertThat(one.at()).isAfter("2000-01-01T00:00:00Z"));
        });
    }

    @Test
    void an_upload_that_nobody_claims_goes_with_its_round() throws Exception {
        attend();
        Order order = open(TaskKind.TRAIN);
        program.nextTask();
        assertThat(program.upload(UUID.randomUUID().toString(), Models.of(1, 2, 3, 4)))
                .isEqualTo(ModelStatus.OK);
        program.begin(UUID.randomUUID().toString(), new byte[500], new CompletableFuture<>());
        await().until(() -> uploads() == 2);

        federation.controller.close(order.key());

        await().until(() -> uploads() == 0);
    }

    private int uploads() {
        return Objects.requireNonNull(
                        federation.spool().resolve("uploads").toFile().list())
                .length;
    }

    @Test
    void a_client_that_nobody_knows_may_come_back() {
        assertThatThrownBy(() -> new FednProgram(federation.channel(), "nobody", "ext-1", null).heartbeat())
                .hasMessageStartingWith("UNAVAILABLE");
    }

    @Test
    void a_task_stream_ends_with_unavailable_when_the_combiner_stops() throws Exception {
        attend();
        federation.combiner().close();

        assertThat(program.ending().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void an_update_is_taken_after_a_restart_before_the_stream_is_open_again() throws Exception {
        attend();
        Order order = open(TaskKind.TRAIN);
        TaskRequest task = program.nextTask();

        federation.kill();
        federation.restart();
        program = new FednProgram(federation.channel(), "ext-1", "ext-1", null);
        await().ignoreExceptions().until(() -> {
            String id = UUID.randomUUID().toString();
            program.upload(id, Models.of(4, 4, 4, 4));
            return program.update(task, id, 2).contains("ACCEPTED");
        });

        assertThat(report(order).examples()).isEqualTo(2);
    }

    @Test
    void attributes_reach_the_controller() {
        program.combiner()
                .sendAttributeMessage(AttributeMessage.newBuilder()
                        .setSender(program.sender())
                        .addAttributes(AttributeElem.newBuilder().setKey("site").setValue("north"))
                        .build());

        await().untilAsserted(() -> assertThat(federation.controller.observations())
                .anySatisfy(seen -> assertThat(seen.attributes().get(0).value()).isEqualTo("north")));
    }

    @Test
    void the_health_service_says_serving() {
        assertThat(HealthGrpc.newBlockingStub(federation.channel())
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    // ---- what the client does

    private void attend() {
        program.heartbeat();
        program.listen();
        await().until(() -> federation.controller.attached().contains(client.clientId()));
    }

    private Order open(TaskKind kind) {
        Order order = federation.order(kind, BASE, 1, 0, LONG, "mean", false, 0);
        federation.controller.open(order);
        return order;
    }

    private ShareReport report(Order order) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> federation.controller.report(order.key()).isPresent());
        return federation.controller.report(order.key()).orElseThrow();
    }
}
