package io.foedus.agent.attendance;

import com.google.protobuf.ByteString;
import io.foedus.protocol.v1.Chunk;
import io.foedus.protocol.v1.DownloadRequest;
import io.foedus.protocol.v1.FederationGrpc;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.ResultReceipt;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.ToAgent;
import io.foedus.protocol.v1.UploadChunk;
import io.foedus.protocol.v1.UploadReceipt;
import io.foedus.protocol.v1.UploadStatusRequest;
import io.foedus.protocol.v1.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A combiner of the test's own: keeps what it hears, says what the test tells it to, cuts transfers on demand. */
final class CombinerDouble extends FederationGrpc.FederationImplBase {
    final BlockingQueue<FromAgent> heard = new LinkedBlockingQueue<>();
    final Map<String, byte[]> models = new ConcurrentHashMap<>();
    final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
    final AtomicLong uploadedBytes = new AtomicLong();
    final AtomicLong downloadedBytes = new AtomicLong();
    final AtomicInteger cuts = new AtomicInteger();
    volatile boolean refuses;
    volatile java.util.List<String> known = java.util.List.of();
    private final String name = "combiner-" + UUID.randomUUID();
    private @Nullable Server server;
    private volatile @Nullable StreamObserver<ToAgent> agent;

    CombinerDouble start() throws IOException {
        server = InProcessServerBuilder.forName(name).addService(this).build().start();
        return this;
    }

    void stop() {
        java.util.Objects.requireNonNull(server).shutdownNow();
    }

    ManagedChannel channel() {
        return InProcessChannelBuilder.forName(name).build();
    }

    void say(ToAgent message) {
        java.util.Objects.requireNonNull(agent).onNext(message);
    }

    byte[] uploaded(String digest) {
        return java.util.Objects.requireNonNull(uploads.get(digest)).toByteArray();
    }

    void offer(Task task) {
        say(ToAgent.newBuilder().setTask(task).build());
    }

    void settle(String taskId, String fate) {
        say(ToAgent.newBuilder()
                .setReceipt(ResultReceipt.newBuilder().setTaskId(taskId).setFate(fate))
                .build());
    }

    /** Breaks the stream as a dying combiner does. */
    void breakStream() {
        java.util.Objects.requireNonNull(agent)
                .onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
    }

    @Override
    public StreamObserver<FromAgent> work(StreamObserver<ToAgent> down) {
        return new StreamObserver<>() {
            @Override
            public void onNext(FromAgent message) {
                if (refuses) {
                    down.onError(Status.UNAVAILABLE.asRuntimeException());
                    return;
                }
                if (message.hasHello()) {
                    agent = down;
                    down.onNext(ToAgent.newBuilder()
                            .setWelcome(Welcome.newBuilder()
                                    .setCombinerName("double")
                                    .setHeartbeatSeconds(1)
                                    .setChunkBytes(1024)
                                    .addAllKnownTasks(known))
                            .build());
                }
                heard.add(message);
            }

            @Override
            public void onError(Throwable t) {}

            @Override
            public void onCompleted() {
                down.onCompleted();
            }
        };
    }

    @Override
    public void download(DownloadRequest request, StreamObserver<Chunk> chunks) {
        byte[] model = models.get(request.getDigest());
        if (model == null) {
            chunks.onError(Status.NOT_FOUND.asRuntimeException());
            return;
        }
        for (int at = (int) request.getOffset(); at < model.length; at += 1000) {
            int size = Math.min(1000, model.length - at);
            downloadedBytes.addAndGet(size);
            chunks.onNext(Chunk.newBuilder()
                    .setData(ByteString.copyFrom(model, at, size))
                    .build());
            if (at + size < model.length && cuts.getAndUpdate(c -> Math.max(0, c - 1)) > 0) {
                chunks.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
                return;
            }
        }
        chunks.onCompleted();
    }

    @Override
    public void uploadStatus(UploadStatusRequest request, StreamObserver<UploadReceipt> answer) {
        ByteArrayOutputStream there = uploads.get(request.getDigest());
        answer.onNext(UploadReceipt.newBuilder()
                .setDurableBytes(there == null ? 0 : there.size())
                .build());
        answer.onCompleted();
    }

    @Override
    public StreamObserver<UploadChunk> upload(StreamObserver<UploadReceipt> answer) {
        return new StreamObserver<>() {
            private Optional<UploadChunk> first = Optional.empty();
            private boolean cut;

            @Override
            public void onNext(UploadChunk chunk) {
                if (cut) {
                    return;
                }
                if (first.isEmpty()) {
                    first = Optional.of(chunk);
                }
                ByteArrayOutputStream there = there();
                there.writeBytes(chunk.getData().toByteArray());
                uploadedBytes.addAndGet(chunk.getData().size());
                if (cuts.getAndUpdate(c -> Math.max(0, c - 1)) > 0) {
                    cut = true;
                    answer.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
                }
            }

            @Override
            public void onError(Throwable t) {}

            @Override
            public void onCompleted() {
                if (!cut) {
                    boolean complete = there().size() == first.orElseThrow().getSize();
                    answer.onNext(UploadReceipt.newBuilder()
                            .setDurableBytes(there().size())
                            .setComplete(complete)
                            .build());
                    answer.onCompleted();
                }
            }

            private ByteArrayOutputStream there() {
                return uploads.computeIfAbsent(first.orElseThrow().getDigest(), d -> new ByteArrayOutputStream());
            }
        };
    }
}
