package io.foedus.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.foedus.agent.console.Json;
import io.foedus.core.models.Digest;
import io.foedus.federation.Alliance;
import io.foedus.launcher.processes.Secrets;
import io.foedus.protocol.v1.FederationGrpc;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.Hello;
import io.foedus.protocol.v1.ResultReceipt;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskAccepted;
import io.foedus.protocol.v1.TaskResult;
import io.foedus.protocol.v1.ToAgent;
import io.foedus.protocol.v1.UploadChunk;
import io.foedus.protocol.v1.UploadReceipt;
import io.foedus.protocol.v1.UploadStatusRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * A client whose every message is sent by the test: for what a well-behaved agent never does. It joins over REST like
 * an agent, attaches to the combiner that it is given, and keeps its identity when its stream dies. Used by one thread.
 */
final class HandmadeClient implements AutoCloseable {
    private static final int CHUNK = 64 << 10;
    private static final int MOST_SECONDS = 60;

    private final String id;
    private final ManagedChannel channel;
    private final FederationGrpc.FederationStub calls;
    private final BlockingQueue<ToAgent> inbox = new LinkedBlockingQueue<>();
    private StreamObserver<FromAgent> stream;

    private HandmadeClient(String id, ManagedChannel channel, FederationGrpc.FederationStub calls) {
        this.id = id;
        this.channel = channel;
        this.calls = calls;
        this.stream = opened();
    }

    /** Joins an alliance under a name and attaches to a combiner that takes agents. */
    static HandmadeClient join(Alliance alliance, String name) {
        return join(alliance, Json.object().put("name", name));
    }

    /** Joins and attaches to the combiner of a name. */
    static HandmadeClient join(Alliance alliance, String name, String combiner) {
        return join(alliance, Json.object().put("name", name).put("preferredCombiner", combiner));
    }

    private static HandmadeClient join(Alliance alliance, ObjectNode request) {
        JsonNode placement = alliance.federation()
                .rest()
                .as(Secrets.read(alliance.joinToken()))
                .post("/api/clients", request)
                .json();
        JsonNode combiner = placement.path("combiner");
        ManagedChannel channel = ManagedChannelBuilder.forAddress(
                        combiner.path("host").asText(), combiner.path("port").asInt())
                .usePlaintext()
                .build();
        Metadata ticket = new Metadata();
        ticket.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + placement.path("ticket").asText());
        FederationGrpc.FederationStub calls = FederationGrpc.newStub(channel)
                .withWaitForReady()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(ticket));
        HandmadeClient client = new HandmadeClient(placement.path("clientId").asText(), channel, calls);
        Awaitility.await("the controller to know of the client")
                .until(() -> alliance.federation()
                                .count(
                                        "SELECT count(*) FROM client WHERE id = ?::uuid AND state = 'ATTACHED'",
                                        client.id())
                        == 1);
        return client;
    }

    String id() {
        return id;
    }

    /** Attaches again, as a program that has forgotten everything but who it is. */
    void attachAgain() {
        inbox.clear();
        stream = opened();
    }

    private StreamObserver<FromAgent> opened() {
        StreamObserver<FromAgent> opened = calls.work(new Inbox());
        opened.onNext(FromAgent.newBuilder()
                .setHello(Hello.newBuilder().setProtocol(1).setClientId(id).setVersion("handmade"))
                .build());
        await(ToAgent::hasWelcome);
        return opened;
    }

    /** Waits for a task and says that it is taken. */
    Task takeTask() {
        Task task = await(ToAgent::hasTask).getTask();
        stream.onNext(FromAgent.newBuilder()
                .setAccepted(TaskAccepted.newBuilder().setTaskId(task.getTaskId()))
                .build());
        return task;
    }

    /** The task that has come already, if one has. */
    Optional<Task> pendingTask() {
        return inbox.stream().filter(ToAgent::hasTask).map(ToAgent::getTask).findFirst();
    }

    /** Uploads a file, reports it and waits for the receipt. */
    ResultReceipt deliver(Task task, byte[] file, long examples) {
        upload(task, file, 0);
        return report(task, file, examples);
    }

    /** Uploads a file from a byte on, to its end. */
    void upload(Task task, byte[] file, int from) {
        CompletableFuture<UploadReceipt> receipt = new CompletableFuture<>();
        StreamObserver<UploadChunk> upload = calls.upload(new Answer<>(receipt));
        send(upload, task, file, from, file.length);
        upload.onCompleted();
        if (!receipt.join().getComplete()) {
            throw new AssertionError("the upload is not complete: " + receipt.join());
        }
    }

    /** Uploads the beginning of a file and breaks off, once so much of it is durable at the combiner. */
    void uploadAndBreakOff(Task task, byte[] file, int to) {
        StreamObserver<UploadChunk> upload = calls.upload(new Answer<>(new CompletableFuture<>()));
        send(upload, task, file, 0, to);
        Awaitility.await("the bytes to be durable").until(() -> durable(task, file) == to);
        upload.onError(Status.CANCELLED.asRuntimeException());
    }

    private static void send(StreamObserver<UploadChunk> upload, Task task, byte[] file, int from, int to) {
        for (int at = from; at < to; at += CHUNK) {
            UploadChunk.Builder chunk =
                    UploadChunk.newBuilder().setData(ByteString.copyFrom(file, at, Math.min(CHUNK, to - at)));
            if (at == from) {
                chunk.setTaskId(task.getTaskId())
                        .setDigest(Digest.of(file).hex())
                        .setSize(file.length)
                        .setOffset(from);
            }
            upload.onNext(chunk.build());
        }
    }

    /** How many bytes of a file the combiner has. */
    long durable(Task task, byte[] file) {
        CompletableFuture<UploadReceipt> receipt = new CompletableFuture<>();
        calls.uploadStatus(
                UploadStatusRequest.newBuilder()
                        .setTaskId(task.getTaskId())
                        .setDigest(Digest.of(file).hex())
                        .build(),
                new Answer<>(receipt));
        return receipt.join().getDurableBytes();
    }

    /** Reports a file as the result of a task and waits for the receipt. */
    ResultReceipt report(Task task, byte[] file, long examples) {
        stream.onNext(FromAgent.newBuilder()
                .setResult(TaskResult.newBuilder()
                        .setTaskId(task.getTaskId())
                        .setExamples(examples)
                        .setDigest(Digest.of(file).hex())
                        .setSize(file.length))
                .build());
        return await(ToAgent::hasReceipt).getReceipt();
    }

    /** Uploads a file and reports it with these words. */
    ResultReceipt deliver(Task task, byte[] file, TaskResult.Builder words) {
        upload(task, file, 0);
        return report(
                task,
                words.setDigest(Digest.of(file).hex()).setSize(file.length).setExamples(1));
    }

    /** Reports whatever it is told to and waits for the receipt. */
    ResultReceipt report(Task task, TaskResult.Builder words) {
        stream.onNext(FromAgent.newBuilder()
                .setResult(words.setTaskId(task.getTaskId()))
                .build());
        return await(ToAgent::hasReceipt).getReceipt();
    }

    /** Breaks the stream as a dying process does. */
    void die() {
        stream.onError(Status.CANCELLED.asRuntimeException());
    }

    /** Waits for the next message of a kind; others before it are dropped. */
    private ToAgent await(Predicate<ToAgent> wanted) {
        try {
            while (true) {
                ToAgent message = inbox.poll(MOST_SECONDS, TimeUnit.SECONDS);
                if (message == null) {
                    throw new AssertionError("the combiner does not answer client " + id);
                }
                if (wanted.test(message)) {
                    return message;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private final class Inbox implements StreamObserver<ToAgent> {
        @Override
        public void onNext(ToAgent message) {
            inbox.add(message);
        }

        @Override
        public void onError(Throwable trouble) {}

        @Override
        public void onCompleted() {}
    }

    /** The answer to a call with one. */
    private record Answer<T>(CompletableFuture<T> answer) implements StreamObserver<T> {
        @Override
        public void onNext(T value) {
            answer.complete(value);
        }

        @Override
        public void onError(Throwable trouble) {
            answer.completeExceptionally(trouble);
        }

        @Override
        public void onCompleted() {
            answer.completeExceptionally(new IllegalStateException("the call ended without an answer"));
        }
    }
}
