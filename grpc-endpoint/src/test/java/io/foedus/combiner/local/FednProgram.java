package io.foedus.combiner.local;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.foedus.combiner.json.Json;
import io.foedus.protocol.fedn.Client;
import io.foedus.protocol.fedn.ClientAvailableMessage;
import io.foedus.protocol.fedn.CombinerGrpc;
import io.foedus.protocol.fedn.CombinerGrpc.CombinerBlockingStub;
import io.foedus.protocol.fedn.ConnectorGrpc;
import io.foedus.protocol.fedn.ConnectorGrpc.ConnectorBlockingStub;
import io.foedus.protocol.fedn.Heartbeat;
import io.foedus.protocol.fedn.ModelRequest;
import io.foedus.protocol.fedn.ModelResponse;
import io.foedus.protocol.fedn.ModelServiceGrpc;
import io.foedus.protocol.fedn.ModelStatus;
import io.foedus.protocol.fedn.ModelUpdate;
import io.foedus.protocol.fedn.Role;
import io.foedus.protocol.fedn.TaskRequest;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program made with FEDn 0.33's library: each message names its sender as that library does, which is by the
 * registered id in some, by what the program gave as metadata {@code client} in others, and not at all in an upload.
 */
final class FednProgram {
    final BlockingQueue<TaskRequest> tasks = new LinkedBlockingQueue<>();
    final CompletableFuture<Status> ended = new CompletableFuture<>();

    private final Channel channel;
    private final String id;
    private final String said;

    /**
     * @param id the registered {@code client_id}
     * @param said what {@code init_grpchandler} was given as {@code client_name}
     */
    FednProgram(Channel channel, String id, String said, @Nullable String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("client", Metadata.ASCII_STRING_MARSHALLER), said);
        if (token != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        this.channel = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        this.id = id;
        this.said = said;
    }

    Client sender() {
        return Client.newBuilder()
                .setRole(Role.CLIENT)
                .setName(said)
                .setClientId(id)
                .build();
    }

    ConnectorBlockingStub connector() {
        return ConnectorGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    CombinerBlockingStub combiner() {
        return CombinerGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    void heartbeat() {
        connector().sendHeartbeat(Heartbeat.newBuilder().setSender(sender()).build());
    }

    /** A status, which tells no id. */
    void status(io.foedus.protocol.fedn.Status.Builder status) {
        connector()
                .sendStatus(status.setSender(Client.newBuilder().setName(said)).build());
    }

    void listen() {
        CombinerGrpc.newStub(channel)
                .taskStream(
                        ClientAvailableMessage.newBuilder().setSender(sender()).build(), new StreamObserver<>() {
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
    }

    Status ending() throws Exception {
        return ended.get(10, TimeUnit.SECONDS);
    }

    TaskRequest nextTask() throws InterruptedException {
        return Objects.requireNonNull(tasks.poll(10, TimeUnit.SECONDS), "no task came");
    }

    /** What a download brings; its end is a status beside OK if it brings nothing. */
    byte[] download(String model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        var parts = ModelServiceGrpc.newBlockingStub(channel).download(request(model));
        while (parts.hasNext()) {
            ModelResponse part = parts.next();
            bytes.writeBytes(part.getData().toByteArray());
            if (part.getStatus() == ModelStatus.FAILED) {
                throw new AssertionError("the download failed");
            }
        }
        return bytes.toByteArray();
    }

    ModelStatus firstPart(String model) {
        return ModelServiceGrpc.newBlockingStub(channel)
                .download(request(model))
                .next()
                .getStatus();
    }

    private ModelRequest request(String model) {
        return ModelRequest.newBuilder()
                .setId(model)
                .setSender(Client.newBuilder().setClientId(id).setRole(Role.CLIENT))
                .build();
    }

    /** The first part of an upload. */
    StreamObserver<ModelRequest> begin(String upload, byte[] data, CompletableFuture<ModelResponse> answer) {
        StreamObserver<ModelRequest> parts = ModelServiceGrpc.newStub(channel).upload(new StreamObserver<>() {
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
        parts.onNext(part(upload, data));
        return parts;
    }

    /** A part of an upload. */
    static ModelRequest part(String upload, byte[] data) {
        return ModelRequest.newBuilder()
                .setId(upload)
                .setData(ByteString.copyFrom(data))
                .setStatus(ModelStatus.IN_PROGRESS)
                .build();
    }

    /** Sends it, again while the combiner is unavailable, as FEDn's client does. */
    ModelStatus upload(String upload, byte[] data) {
        return await().ignoreExceptionsMatching(
                        failed -> Status.fromThrowable(failed).getCode() == Status.Code.UNAVAILABLE)
                .until(() -> send(upload, data), status -> true);
    }

    ModelStatus send(String upload, byte[] data) {
        CompletableFuture<ModelResponse> answer = new CompletableFuture<>();
        StreamObserver<ModelRequest> parts = begin(upload, data, answer);
        parts.onNext(ModelRequest.newBuilder()
                .setId(upload)
                .setStatus(ModelStatus.OK)
                .build());
        parts.onCompleted();
        return answer.orTimeout(10, TimeUnit.SECONDS).join().getStatus();
    }

    /** An update, whose {@code sender.client_id} is the metadata's word. */
    String update(TaskRequest task, String upload, int examples) {
        String meta = Json.write(Map.of(
                "exec_training", 1.5,
                "training_metadata", Map.of("num_examples", examples, "loss", 0.25),
                "config", task.getData()));
        return combiner()
                .sendModelUpdate(ModelUpdate.newBuilder()
                        .setSender(sender().toBuilder().setClientId(said))
                        .setModelId(task.getModelId())
                        .setModelUpdateId(upload)
                        .setMeta(meta)
                        .build())
                .getResponse();
    }
}
