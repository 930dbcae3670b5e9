package io.foedus.combiner.local;

import com.google.protobuf.ByteString;
import io.foedus.core.models.Digest;
import io.foedus.protocol.v1.Chunk;
import io.foedus.protocol.v1.DownloadRequest;
import io.foedus.protocol.v1.FederationGrpc;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.Goodbye;
import io.foedus.protocol.v1.Hello;
import io.foedus.protocol.v1.ResultReceipt;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskAccepted;
import io.foedus.protocol.v1.TaskFailure;
import io.foedus.protocol.v1.TaskProgress;
import io.foedus.protocol.v1.TaskResult;
import io.foedus.protocol.v1.Telemetry;
import io.foedus.protocol.v1.ToAgent;
import io.foedus.protocol.v1.UploadChunk;
import io.foedus.protocol.v1.UploadReceipt;
import io.foedus.protocol.v1.UploadStatusRequest;
import io.foedus.protocol.v1.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** An agent that does what a test tells it: speaks the real protocol, trains by a function or by hand. */
public final class SimulatedAgent {
    public final UUID id;
    public final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    public final BlockingQueue<ResultReceipt> receipts = new LinkedBlockingQueue<>();
    public final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();
    public final CompletableFuture<Status> ended = new CompletableFuture<>();
    public final CompletableFuture<Welcome> welcomed = new CompletableFuture<>();
    public final CompletableFuture<String> reassigned = new CompletableFuture<>();

    private final ManagedChannel channel;
    private final Metadata ticket;
    private final BiConsumer<SimulatedAgent, Task> behaviour;
    private final StreamObserver<FromAgent> stream;

    /** @param behaviour what to do with a task; run on the stream's thread */
    SimulatedAgent(
            UUID id,
            ManagedChannel channel,
            String ticket,
            Set<UUID> held,
            Map<String, String> labels,
            BiConsumer<SimulatedAgent, Task> behaviour) {
        this.id = id;
        this.channel = channel;
        this.ticket = new Metadata();
        this.ticket.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + ticket);
        this.behaviour = behaviour;
        this.stream = FederationGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(this.ticket))
                .work(new Inbox());
        stream.onNext(FromAgent.newBuilder()
                .setHello(Hello.newBuilder()
                        .setProtocol(1)
                        .setClientId(id.toString())
                        .setVersion("test")
                        .putAllLabels(labels)
                        .addAllHeldTasks(held.stream().map(UUID::toString).toList()))
                .build());
    }

    private final class Inbox implements StreamObserver<ToAgent> {
        @Override
        public void onNext(ToAgent message) {
            switch (message.getMessageCase()) {
                case WELCOME -> welcomed.complete(message.getWelcome());
                case TASK -> {
                    accept(message.getTask().getTaskId());
                    tasks.add(message.getTask());
                    behaviour.accept(SimulatedAgent.this, message.getTask());
                }
                case RECEIPT -> receipts.add(message.getReceipt());
                case CANCELLED -> cancelled.add(message.getCancelled().getTaskId());
                case REASSIGN -> reassigned.complete(message.getReassign().getReason());
                default -> throw new IllegalStateException(message.toString());
            }
        }

        @Override
        public void onError(Throwable trouble) {
            ended.complete(Status.fromThrowable(trouble));
        }

        @Override
        public void onCompleted() {
            ended.complete(Status.OK);
        }
    }

    // ---- by hand

    public Task nextTask() throws InterruptedException {
        Task task = tasks.poll(10, TimeUnit.SECONDS);
        if (task == null) {
            throw new AssertionError("no task came");
        }
        return task;
    }

    public ResultReceipt nextReceipt() throws InterruptedException {
        ResultReceipt receipt = receipts.poll(10, TimeUnit.SECONDS);
        if (receipt == null) {
            throw new AssertionError("no receipt came");
        }
        return receipt;
    }

    public void accept(String task) {
        say(FromAgent.newBuilder()
                .setAccepted(TaskAccepted.newBuilder().setTaskId(task))
                .build());
    }

    /** Uploads a model and reports it. */
    public void deliver(Task task, byte[] model, long examples) {
        upload(task.getTaskId(), model, 0, model.length).join();
        report(task.getTaskId(), model, examples);
    }

    public void report(String task, byte[] model, long examples) {
        say(FromAgent.newBuilder()
                .setResult(TaskResult.newBuilder()
                        .setTaskId(task)
                        .setExamples(examples)
                        .putMetrics("loss", 0.5)
                        .setDigest(Digest.of(model).hex())
                        .setSize(model.length))
                .build());
    }

    public void measure(Task task, double accuracy, long examples) {
        say(FromAgent.newBuilder()
                .setResult(TaskResult.newBuilder()
                        .setTaskId(task.getTaskId())
                        .setExamples(examples)
                        .putMetrics("accuracy", accuracy))
                .build());
    }

    /** Says whatever it is told to. */
    public void report(TaskResult.Builder result) {
        say(FromAgent.newBuilder().setResult(result).build());
    }

    /** Fails with whatever words it is told to. */
    public void fail(TaskFailure.Builder failure) {
        say(FromAgent.newBuilder().setFailure(failure).build());
    }

    public void fail(Task task, String reason) {
        say(FromAgent.newBuilder()
                .setFailure(TaskFailure.newBuilder()
                        .setTaskId(task.getTaskId())
                        .setReason(reason)
                        .setMessage("it did not work"))
                .build());
    }

    /** Says how far it is, and returns when the combiner has heard it. */
    public void progress(Task task) throws InterruptedException {
        say(FromAgent.newBuilder()
                .setProgress(TaskProgress.newBuilder().setTaskId(task.getTaskId()))
                .build());
        report(UUID.randomUUID().toString(), new byte[0], 1);
        nextReceipt();
    }

    public void telemetry(String state) {
        say(FromAgent.newBuilder()
                .setTelemetry(Telemetry.newBuilder().setState(state).setCpuFraction(0.5))
                .build());
    }

    /** Sends bytes {@code from} to {@code to} of a model; less than all breaks the call off as a cut line does. */
    public CompletableFuture<UploadReceipt> upload(String task, byte[] model, int from, int to) {
        CompletableFuture<UploadReceipt> answer = new CompletableFuture<>();
        StreamObserver<UploadChunk> upload = FederationGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(ticket))
                .upload(new StreamObserver<>() {
                    @Override
                    public void onNext(UploadReceipt receipt) {
                        answer.complete(receipt);
                    }

                    @Override
                    public void onError(Throwable trouble) {
                        answer.completeExceptionally(trouble);
                    }

                    @Override
                    public void onCompleted() {
                        answer.completeExceptionally(new IllegalStateException("no receipt"));
                    }
                });
        int chunk = Math.max(1, Math.min(64 << 10, (to - from) / 2));
        for (int at = from; at < to; at += chunk) {
            UploadChunk.Builder part =
                    UploadChunk.newBuilder().setData(ByteString.copyFrom(model, at, Math.min(chunk, to - at)));
            if (at == from) {
                part.setTaskId(task)
                        .setDigest(Digest.of(model).hex())
                        .setSize(model.length)
                        .setOffset(from);
            }
            upload.onNext(part.build());
        }
        if (to == model.length) {
            upload.onCompleted();
        } else {
            pending.add(upload);
        }
        return answer;
    }

    /** Opens an upload and sends nothing; done with how it ends. */
    public CompletableFuture<Status> idleUpload() {
        CompletableFuture<Status> end = new CompletableFuture<>();
        pending.add(FederationGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(ticket))
                .upload(new Ending<>(end)));
        return end;
    }

    /** Opens one more stream of tasks and says nothing; done with how it ends. */
    public CompletableFuture<Status> silentStream() {
        CompletableFuture<Status> end = new CompletableFuture<>();
        FederationGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(ticket))
                .work(new Ending<>(end));
        return end;
    }

    /** An upload that a test sends piece by piece. */
    public final class Piecemeal {
        public final CompletableFuture<Status> ended = new CompletableFuture<>();
        public final CompletableFuture<UploadReceipt> answer = new CompletableFuture<>();

        private final StreamObserver<UploadChunk> call = FederationGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(ticket))
                .upload(new Ending<>(ended) {
                    @Override
                    public void onNext(UploadReceipt receipt) {
                        answer.complete(receipt);
                    }
                });
        private final String task;
        private final byte[] model;
        private int sent;

        private Piecemeal(String task, byte[] model) {
            this.task = task;
            this.model = model;
        }

        /** Sends so many bytes more, and the end behind the last. */
        public void send(int bytes) {
            UploadChunk.Builder part = UploadChunk.newBuilder().setData(ByteString.copyFrom(model, sent, bytes));
            if (sent == 0) {
                part.setTaskId(task).setDigest(Digest.of(model).hex()).setSize(model.length);
            }
            sent += bytes;
            call.onNext(part.build());
            if (sent == model.length) {
                call.onCompleted();
            }
        }
    }

    public Piecemeal piecemeal(Task task, byte[] model) {
        return new Piecemeal(task.getTaskId(), model);
    }

    /** Asks for a model and reads nothing of it; done with how it ends. */
    public CompletableFuture<Status> unreadDownload(String digest) {
        CompletableFuture<Status> end = new CompletableFuture<>();
        FederationGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(ticket))
                .download(DownloadRequest.newBuilder().setDigest(digest).build(), new Unread(end));
        return end;
    }

    static class Ending<T> implements StreamObserver<T> {
        private final CompletableFuture<Status> end;

        Ending(CompletableFuture<Status> end) {
            this.end = end;
        }

        @Override
        public void onNext(T message) {
            // only the end is of interest
        }

        @Override
        public void onError(Throwable trouble) {
            end.complete(Status.fromThrowable(trouble));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }

    private static final class Unread extends Ending<Chunk> implements ClientResponseObserver<DownloadRequest, Chunk> {
        Unread(CompletableFuture<Status> end) {
            super(end);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<DownloadRequest> call) {
            call.disableAutoRequestWithInitial(1);
        }
    }

    private final List<StreamObserver<UploadChunk>> pending = new ArrayList<>();

    /** Cuts uploads that were left unfinished. */
    public void cut() {
        pending.forEach(one -> one.onError(Status.CANCELLED.asRuntimeException()));
        pending.clear();
    }

    public UploadReceipt uploadStatus(String task, byte[] model) {
        return blocking()
                .uploadStatus(UploadStatusRequest.newBuilder()
                        .setTaskId(task)
                        .setDigest(Digest.of(model).hex())
                        .build());
    }

    /** @throws StatusRuntimeException if the combiner refuses */
    public byte[] download(String digest, long offset) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        blocking()
                .download(DownloadRequest.newBuilder()
                        .setDigest(digest)
                        .setOffset(offset)
                        .build())
                .forEachRemaining(
                        (Chunk chunk) -> bytes.writeBytes(chunk.getData().toByteArray()));
        return bytes.toByteArray();
    }

    private FederationGrpc.FederationBlockingStub blocking() {
        return FederationGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(ticket))
                .withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    /** Breaks the stream as a dying process does. */
    public void die() {
        stream.onError(Status.CANCELLED.asRuntimeException());
    }

    public void leave() {
        say(FromAgent.newBuilder()
                .setGoodbye(Goodbye.newBuilder().setReason("stopping"))
                .build());
    }

    private synchronized void say(FromAgent message) {
        stream.onNext(message);
    }
}
