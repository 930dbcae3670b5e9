package io.foedus.launcher.bench;

import com.google.protobuf.ByteString;
import io.foedus.protocol.transfer.ProtocolVersion;
import io.foedus.protocol.v1.Chunk;
import io.foedus.protocol.v1.DownloadRequest;
import io.foedus.protocol.v1.FederationGrpc;
import io.foedus.protocol.v1.FederationGrpc.FederationStub;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.Hello;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskAccepted;
import io.foedus.protocol.v1.TaskFailure;
import io.foedus.protocol.v1.TaskResult;
import io.foedus.protocol.v1.Telemetry;
import io.foedus.protocol.v1.ToAgent;
import io.foedus.protocol.v1.UploadChunk;
import io.foedus.protocol.v1.UploadReceipt;
import io.foedus.protocol.v1.UploadStatusRequest;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * An agent reduced to what it says on the wire: it attends, downloads each task's model whole, uploads an update of its
 * own and sends the result. It has no thread and keeps no model; everything happens on the channel's event loop.
 */
final class SimulatedClient implements StreamObserver<ToAgent> {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Seat seat;
    private final Crowd crowd;
    private final FederationStub combiner;
    private @Nullable StreamObserver<FromAgent> up;
    private volatile boolean welcome;

    /** Where the controller has sent it. */
    record Seat(String clientId, String name, String ticket, String host, int port) {}

    /** What all clients share, and whom they tell. Any event loop calls it. */
    interface Crowd {
        /** The update of a client in a round. */
        SimulatedUpdate update(String clientId, int round);

        void attached(SimulatedClient client);

        void lost(SimulatedClient client, Throwable cause);

        /** Bytes that came or went. */
        void moved(long down, long up);
    }

    SimulatedClient(Seat seat, Channel channel, Crowd crowd) {
        this.seat = seat;
        this.crowd = crowd;
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + seat.ticket());
        this.combiner =
                FederationGrpc.newStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    String name() {
        return seat.name();
    }

    boolean isWelcome() {
        return welcome;
    }

    void attend() {
        StreamObserver<FromAgent> stream = combiner.work(this);
        up = stream;
        say(FromAgent.newBuilder()
                .setHello(Hello.newBuilder()
                        .setProtocol(ProtocolVersion.CURRENT)
                        .setClientId(seat.clientId())
                        .setName(seat.name())
                        .setVersion("simulated")
                        .setClockMillis(System.currentTimeMillis()))
                .build());
    }

    /** What an idle agent says each heartbeat. */
    void beat() {
        if (welcome) {
            say(FromAgent.newBuilder()
                    .setTelemetry(Telemetry.newBuilder()
                            .setCpuFraction(0.1)
                            .setMemoryBytes(100 << 20)
                            .setState("IDLE"))
                    .build());
        }
    }

    private synchronized void say(FromAgent message) {
        StreamObserver<FromAgent> stream = up;
        if (stream != null) {
            try {
                stream.onNext(message);
            } catch (IllegalStateException e) {
                up = null; // ended meanwhile; onError tells why
            }
        }
    }

    @Override
    public void onNext(ToAgent message) {
        if (message.hasWelcome()) {
            welcome = true;
            crowd.attached(this);
        } else if (message.hasTask()) {
            Task task = message.getTask();
            say(FromAgent.newBuilder()
                    .setAccepted(TaskAccepted.newBuilder().setTaskId(task.getTaskId()))
                    .build());
            download(task);
        }
    }

    private void download(Task task) {
        DownloadRequest request = DownloadRequest.newBuilder()
                .setDigest(task.getModel().getDigest())
                .setTaskId(task.getTaskId())
                .build();
        combiner.download(request, new Answer<Chunk>(task) {
            private long bytes;

            @Override
            public void onNext(Chunk chunk) {
                bytes += chunk.getData().size();
            }

            @Override
            public void onCompleted() {
                crowd.moved(bytes, 0);
                if (bytes == task.getModel().getSize()) {
                    askForStatus(task);
                } else {
                    fail(task, "the model came with " + bytes + " bytes");
                }
            }
        });
    }

    private void askForStatus(Task task) {
        SimulatedUpdate update = crowd.update(seat.clientId(), task.getRoundNumber());
        UploadStatusRequest request = UploadStatusRequest.newBuilder()
                .setTaskId(task.getTaskId())
                .setDigest(update.digest())
                .build();
        combiner.uploadStatus(request, new Answer<UploadReceipt>(task) {
            @Override
            public void onNext(UploadReceipt status) {
                if (status.getComplete()) {
                    tell(task, update);
                } else {
                    combiner.upload(new Sending(task, update, status.getDurableBytes()));
                }
            }
        });
    }

    private void tell(Task task, SimulatedUpdate update) {
        say(FromAgent.newBuilder()
                .setResult(TaskResult.newBuilder()
                        .setTaskId(task.getTaskId())
                        .setExamples(10)
                        .setDigest(update.digest())
                        .setSize(update.size()))
                .build());
    }

    private void fail(Task task, String why) {
        say(FromAgent.newBuilder()
                .setFailure(TaskFailure.newBuilder()
                        .setTaskId(task.getTaskId())
                        .setReason("INTERNAL")
                        .setMessage(why))
                .build());
    }

    @Override
    public void onError(Throwable failed) {
        welcome = false;
        crowd.lost(this, failed);
    }

    @Override
    public void onCompleted() {
        onError(io.grpc.Status.UNAVAILABLE.withDescription("the stream ended").asRuntimeException());
    }

    /** An answer whose failure fails the task. */
    private abstract class Answer<T> implements StreamObserver<T> {
        private final Task task;

        Answer(Task task) {
            this.task = task;
        }

        @Override
        public void onError(Throwable failed) {
            fail(task, String.valueOf(failed.getMessage()));
        }

        @Override
        public void onCompleted() {}
    }

    /** An upload that sends when the combiner has room. */
    private final class Sending extends Answer<UploadReceipt>
            implements ClientResponseObserver<UploadChunk, UploadReceipt> {
        private final Task task;
        private final SimulatedUpdate update;
        private int offset;
        private boolean announced;

        Sending(Task task, SimulatedUpdate update, long from) {
            super(task);
            this.task = task;
            this.update = update;
            this.offset = (int) from;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<UploadChunk> call) {
            call.setOnReadyHandler(() -> {
                while (call.isReady() && offset < update.size()) {
                    ByteString data = update.slice(offset, ProtocolVersion.CHUNK_BYTES);
                    call.onNext(frame(data));
                    offset += data.size();
                    if (offset == update.size()) {
                        call.onCompleted();
                    }
                }
            });
        }

        private UploadChunk frame(ByteString data) {
            UploadChunk.Builder chunk = UploadChunk.newBuilder().setData(data);
            if (!announced) {
                announced = true;
                chunk.setTaskId(task.getTaskId())
                        .setDigest(update.digest())
                        .setSize(update.size())
                        .setOffset(offset);
            }
            return chunk.build();
        }

        @Override
        public void onNext(UploadReceipt receipt) {
            crowd.moved(0, update.size());
            if (receipt.getComplete()) {
                tell(task, update);
            } else {
                fail(task, "the upload ended at " + receipt.getDurableBytes());
            }
        }
    }
}
