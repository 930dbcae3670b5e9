package io.foedus.combiner.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.foedus.combiner.json.Json;
import io.foedus.combiner.uplink.entity.KnownClient;
import io.foedus.combiner.uplink.entity.Order;
import io.foedus.combiner.uplink.entity.ShareReport;
import io.foedus.combiner.uplink.entity.TaskKind;
import io.foedus.protocol.fedn.AttributeElem;
import io.foedus.protocol.fedn.AttributeMessage;
import io.foedus.protocol.fedn.ClientAvailableMessage;
import io.foedus.protocol.fedn.CombinerGrpc;
import io.foedus.protocol.fedn.ConnectorGrpc;
import io.foedus.protocol.fedn.Heartbeat;
import io.foedus.protocol.fedn.ModelRequest;
import io.foedus.protocol.fedn.ModelResponse;
import io.foedus.protocol.fedn.ModelServiceGrpc;
import io.foedus.protocol.fedn.ModelStatus;
import io.foedus.protocol.fedn.ModelUpdate;
import io.foedus.protocol.fedn.ModelValidation;
import io.foedus.protocol.fedn.Role;
import io.foedus.protocol.fedn.StatusType;
import io.foedus.protocol.fedn.TaskRequest;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What FEDn 0.33's client does, call by call, and what it must hear. */
class FednClientTest {
    private static final byte[] BASE = Models.of(0, 0, 0, 0);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final KnownClient client = new KnownClient(UUID.randomUUID(), LocalFederation.ALLIANCE, "c1");
    private final BlockingQueue<TaskRequest> tasks = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> ended = new CompletableFuture<>();

    @TempDir
    Path dir;

    LocalFederation federation;

    @BeforeEach
    void start() {
        federation = LocalFederation.start(dir);
        federation.controller.know("ext-1", client);
    }

    @AfterEach
    void stop() {
        federation.close();
    }

    @Test
    void a_training_task_goes_down_and_its_update_is_counted_by_the_echoed_round() throws Exception {
        attend();
        Order order = open(TaskKind.TRAIN);
        TaskRequest task = nextTask();

        assertThat(task.getType()).isEqualTo(StatusType.MODEL_UPDATE);
        assertThat(task.getSender().getRole()).isEqualTo(Role.COMBINER);
        assertThat(Json.readObject(task.getData()))
                .containsEntry("round_id", order.roundId().toString())
                .containsKey("client_settings");
        assertThat(download(task.getModelId())).isEqualTo(BASE);
        String id = UUID.randomUUID().toString();
        assertThat(upload(id, Models.of(1, 2, 3, 4))).isEqualTo(ModelStatus.OK);
        String answer = update(task, id, 12);

        assertThat(answer).contains("ACCEPTED");
        ShareReport report = report(order);
        assertThat(report.examples()).isEqualTo(12);
        assertThat(report.inputs().get(0).clientId()).isEqualTo(client.clientId());
        assertThat(Models.values(federation.controller.blob(
                        Objects.requireNonNull(report.partial()).digest())))
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void an_upload_and_its_update_sent_again_count_once() throws Exception {
        attend();
        federation.agent();
        await().until(() -> federation.controller.attached().size() == 2);
        Order order = federation.order(BASE, 2, 2, LONG);
        federation.controller.open(order);
        TaskRequest task = nextTask();
        String id = UUID.randomUUID().toString();
        byte[] update = Models.of(1, 2, 3, 4);

        begin(id, new byte[500]).onError(Status.CANCELLED.asRuntimeException());
        assertThat(upload(id, update)).isEqualTo(ModelStatus.OK);
        assertThat(update(task, id, 1)).contains("ACCEPTED");
        assertThat(update(task, id, 1)).contains("is known");
        assertThat(upload(id, update)).isEqualTo(ModelStatus.OK);
        assertThat(update(task, id, 1)).contains("ACCEPTED");

        await().untilAsserted(() -> assertThat(federation.controller.updates())
                .filteredOn(n -> n.clientId().equals(client.clientId()))
                .hasSize(1));
    }

    @Test
    void a_validation_is_known_by_its_correlation() throws Exception {
        attend();
        Order order = open(TaskKind.VALIDATE);
        TaskRequest task = nextTask();

        CombinerGrpc.newBlockingStub(federation.channel())
                .withInterceptors(metadata("ext-1"))
                .sendModelValidation(ModelValidation.newBuilder()
                        .setModelId(task.getModelId())
                        .setCorrelationId(task.getCorrelationId())
                        .setData("{\"accuracy\": 0.75, \"report\": \"text\"}")
                        .build());

        report(order);
        assertThat(federation.controller.validations().get(0).metrics())
                .containsEntry("accuracy", 0.75)
                .containsEntry("report", "text");
    }

    @Test
    void a_client_that_reads_on_without_a_result_has_failed_its_task() throws Exception {
        attend();
        Order order = open(TaskKind.VALIDATE);
        nextTask();
        TaskRequest afterword = nextTask();

        assertThat(afterword.getType()).isEqualTo(StatusType.LOG);
        ConnectorGrpc.newBlockingStub(federation.channel())
                .withInterceptors(metadata("ext-1"))
                .sendStatus(io.foedus.protocol.fedn.Status.newBuilder()
                        .setStatus("Received request from combiner.")
                        .setType(afterword.getType())
                        .setData(Json.write(Map.of(
                                "correlationId", afterword.getCorrelationId(),
                                "modelId", afterword.getModelId(),
                                "meta", afterword.getMeta())))
                        .build());

        assertThat(report(order).tally().accepted()).isZero();
    }

    @Test
    void a_model_of_a_closed_round_is_failed_so_that_the_client_drops_the_task() throws Exception {
        attend();
        Order order = open(TaskKind.TRAIN);
        TaskRequest task = nextTask();
        federation.controller.close(order.key());
        await().until(() -> firstPart(task.getModelId()) == ModelStatus.FAILED);

        String id = UUID.randomUUID().toString();
        assertThat(upload(id, BASE)).isEqualTo(ModelStatus.OK);
        assertThat(update(task, id, 1)).isNotEmpty();
        assertThat(federation.controller.report(order.key())).isEmpty();
    }

    @Test
    void a_client_that_nobody_knows_may_come_back() {
        assertThatThrownBy(() -> ConnectorGrpc.newBlockingStub(federation.channel())
                        .withInterceptors(metadata("nobody"))
                        .sendHeartbeat(Heartbeat.getDefaultInstance()))
                .hasMessageStartingWith("UNAVAILABLE");
    }

    @Test
    void a_task_stream_ends_with_unavailable_when_the_combiner_stops() throws Exception {
        attend();
        federation.combiner().close();

        assertThat(ended.get(5, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void an_update_is_taken_after_a_restart_before_the_stream_is_open_again() throws Exception {
        attend();
        Order order = open(TaskKind.TRAIN);
        TaskRequest task = nextTask();

        federation.kill();
        federation.restart();
        await().ignoreExceptions().until(() -> {
            String id = UUID.randomUUID().toString();
            upload(id, Models.of(4, 4, 4, 4));
            return update(task, id, 2).contains("ACCEPTED");
        });

        assertThat(report(order).examples()).isEqualTo(2);
    }

    @Test
    void attributes_reach_the_controller() {
        CombinerGrpc.newBlockingStub(federation.channel())
                .withInterceptors(metadata("ext-1"))
                .sendAttributeMessage(AttributeMessage.newBuilder()
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
        ConnectorGrpc.newBlockingStub(federation.channel())
                .withInterceptors(metadata("ext-1"))
                .sendHeartbeat(Heartbeat.getDefaultInstance());
        CombinerGrpc.newStub(federation.channel())
                .withInterceptors(metadata("ext-1"))
                .taskStream(ClientAvailableMessage.getDefaultInstance(), new StreamObserver<>() {
                    @Override
                    public void onNext(TaskRequest task) {
                        tasks.add(task);
                    }

                    @Override
                    public void onError(Throwable trouble) {
                        ended.complete(Status.fromThrowable(trouble));
                    }

                    @Override
                    public void onCompleted() {
                        ended.complete(Status.OK);
                    }
                });
        await().until(() -> federation.controller.attached().contains(client.clientId()));
    }

    private Order open(TaskKind kind) {
        Order order = federation.order(kind, BASE, 1, 0, LONG, "mean", false, 0);
        federation.controller.open(order);
        return order;
    }

    private TaskRequest nextTask() throws InterruptedException {
        return Objects.requireNonNull(tasks.poll(10, TimeUnit.SECONDS), "no task came");
    }

    private byte[] download(String model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelStatus last = ModelStatus.UNKNOWN;
        var parts = ModelServiceGrpc.newBlockingStub(federation.channel())
                .withInterceptors(metadata("ext-1"))
                .download(ModelRequest.newBuilder().setId(model).build());
        while (parts.hasNext()) {
            ModelResponse part = parts.next();
            bytes.writeBytes(part.getData().toByteArray());
            last = part.getStatus();
        }
        assertThat(last).isEqualTo(ModelStatus.OK);
        return bytes.toByteArray();
    }

    private ModelStatus firstPart(String model) {
        return ModelServiceGrpc.newBlockingStub(federation.channel())
                .withInterceptors(metadata("ext-1"))
                .download(ModelRequest.newBuilder().setId(model).build())
                .next()
                .getStatus();
    }

    private final CompletableFuture<ModelResponse> unheard = new CompletableFuture<>();

    private StreamObserver<ModelRequest> begin(String id, byte[] data) {
        return begin(id, data, unheard);
    }

    private StreamObserver<ModelRequest> begin(String id, byte[] data, CompletableFuture<ModelResponse> answer) {
        StreamObserver<ModelRequest> upload = ModelServiceGrpc.newStub(federation.channel())
                .withInterceptors(metadata("ext-1"))
                .upload(new StreamObserver<>() {
                    @Override
                    public void onNext(ModelResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable trouble) {
                        answer.completeExceptionally(trouble);
                    }

                    @Override
                    public void onCompleted() {
                        // the answer came before
                    }
                });
        upload.onNext(ModelRequest.newBuilder()
                .setId(id)
                .setData(ByteString.copyFrom(data))
                .setStatus(ModelStatus.IN_PROGRESS)
                .build());
        return upload;
    }

    /** Sends it, again while the combiner is unavailable, as FEDn's client does. */
    private ModelStatus upload(String id, byte[] data) {
        return await().ignoreExceptionsMatching(
                        failed -> Status.fromThrowable(failed).getCode() == Status.Code.UNAVAILABLE)
                .until(() -> send(id, data), status -> true);
    }

    private ModelStatus send(String id, byte[] data) {
        CompletableFuture<ModelResponse> answer = new CompletableFuture<>();
        StreamObserver<ModelRequest> upload = begin(id, data, answer);
        upload.onNext(
                ModelRequest.newBuilder().setId(id).setStatus(ModelStatus.OK).build());
        upload.onCompleted();
        return answer.orTimeout(10, TimeUnit.SECONDS).join().getStatus();
    }

    private String update(TaskRequest task, String id, int examples) {
        String meta = Json.write(Map.of(
                "exec_training", 1.5,
                "training_metadata", Map.of("num_examples", examples, "loss", 0.25),
                "config", task.getData()));
        return CombinerGrpc.newBlockingStub(federation.channel())
                .withInterceptors(metadata("ext-1"))
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .sendModelUpdate(ModelUpdate.newBuilder()
                        .setModelId(task.getModelId())
                        .setModelUpdateId(id)
                        .setMeta(meta)
                        .build())
                .getResponse();
    }

    private static ClientInterceptor metadata(String client) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("client", Metadata.ASCII_STRING_MARSHALLER), client);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    private ShareReport report(Order order) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> federation.controller.report(order.key()).isPresent());
        return federation.controller.report(order.key()).orElseThrow();
    }
}
