package io.foedus.agent.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.foedus.core.models.Digest;
import io.foedus.protocol.v1.Chunk;
import io.foedus.protocol.v1.DownloadRequest;
import io.foedus.protocol.v1.FederationGrpc;
import io.foedus.protocol.v1.ModelRef;
import io.foedus.protocol.v1.UploadChunk;
import io.foedus.protocol.v1.UploadReceipt;
import io.foedus.protocol.v1.UploadStatusRequest;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transfers over real TCP that is reset twenty times in their course, against a server with a combiner's windows. */
@Timeout(120)
class CutTransferTest {
    // A static field, because the log manager holds loggers weakly. Each cut would be told with a stack trace.
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private static final int CUTS = 20;
    private static final long SIZE = 96L << 20;
    private static final long CUT_AFTER = SIZE / (CUTS + 1);
    private static final int CHUNK = 256 << 10;

    @TempDir
    Path folder;

    private final AtomicLong stored = new AtomicLong();
    private Path model = Path.of("");
    private Path received = Path.of("");
    private Server server;

    CutTransferTest() throws IOException {
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .flowControlWindow(256 << 10)
                .addService(new Store())
                .build();
    }

    @BeforeEach
    void start() throws IOException {
        GRPC.setLevel(Level.SEVERE);
        model = folder.resolve("model");
        received = folder.resolve("received");
        byte[] megabyte = new byte[1 << 20];
        Random random = new Random(4);
        for (int i = 0; i < SIZE >> 20; i++) {
            random.nextBytes(megabyte);
            Files.write(model, megabyte, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        server.start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void an_upload_that_is_cut_twenty_times_sends_at_most_a_twentieth_more() throws Exception {
        String digest = Digest.of(model).hex();
        UpdateUpload upload = new UpdateUpload("task", digest, SIZE);
        try (CuttingProxy proxy = new CuttingProxy(server.getPort(), CUT_AFTER, CUTS)) {
            untilItWorks(proxy, link -> link.upload(upload, model));

            assertThat(proxy.cutsLeft()).isZero();
            assertThat(Digest.of(received).hex()).isEqualTo(digest);
            assertThat(proxy.bytesFromClient()).isBetween(SIZE, SIZE * 105 / 100);
        }
    }

    @Test
    void a_download_that_is_cut_twenty_times_receives_at_most_a_twentieth_more() throws Exception {
        String digest = Digest.of(model).hex();
        ModelRef reference =
                ModelRef.newBuilder().setDigest(digest).setSize(SIZE).build();
        Path target = folder.resolve("downloaded");
        try (CuttingProxy proxy = new CuttingProxy(server.getPort(), CUT_AFTER, CUTS)) {
            untilItWorks(proxy, link -> link.download(reference, "task", target, () -> false));

            assertThat(proxy.cutsLeft()).isZero();
            assertThat(Digest.of(target).hex()).isEqualTo(digest);
            assertThat(proxy.bytesFromServer()).isBetween(SIZE, SIZE * 105 / 100);
        }
    }

    private interface Attempt {
        Object on(CombinerLink link) throws IOException, InterruptedException;
    }

    /** A new connection for each attempt, as an agent that comes back makes one. */
    private static void untilItWorks(CuttingProxy proxy, Attempt attempt) throws Exception {
        while (true) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", proxy.port())
                    .usePlaintext()
                    .disableRetry()
                    .build();
            try {
                CombinerLink link = new CombinerLink(channel, () -> "ticket");
                link.useChunks(CHUNK);
                attempt.on(link);
                return;
            } catch (StatusRuntimeException e) {
                // cut; the next attempt goes on
            } finally {
                channel.shutdownNow();
            }
        }
    }

    /** Keeps what arrives, serves the model. */
    private final class Store extends FederationGrpc.FederationImplBase {
        @Override
        public void uploadStatus(UploadStatusRequest request, StreamObserver<UploadReceipt> answer) {
            answer.onNext(
                    UploadReceipt.newBuilder().setDurableBytes(stored.get()).build());
            answer.onCompleted();
        }

        @Override
        public StreamObserver<UploadChunk> upload(StreamObserver<UploadReceipt> answer) {
            return new StreamObserver<>() {
                @Override
                public void onNext(UploadChunk chunk) {
                    if (chunk.getSize() > 0) {
                        assertThat(chunk.getOffset()).isEqualTo(stored.get());
                    }
                    try {
                        Files.write(
                                received,
                                chunk.getData().toByteArray(),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.APPEND);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    stored.addAndGet(chunk.getData().size());
                }

                @Override
                public void onError(Throwable cut) {}

                @Override
                public void onCompleted() {
                    answer.onNext(UploadReceipt.newBuilder()
                            .setDurableBytes(stored.get())
                            .setComplete(stored.get() == SIZE)
                            .build());
                    answer.onCompleted();
                }
            };
        }

        @Override
        public void download(DownloadRequest request, StreamObserver<Chunk> answer) {
            ServerCallStreamObserver<Chunk> call = (ServerCallStreamObserver<Chunk>) answer;
            long[] at = {request.getOffset()};
            call.setOnReadyHandler(() -> {
                try (FileChannel channel = FileChannel.open(model)) {
                    while (call.isReady() && !call.isCancelled() && at[0] < SIZE) {
                        ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
                        at[0] += channel.read(bytes, at[0]);
                        call.onNext(Chunk.newBuilder()
                                .setData(ByteString.copyFrom(bytes.flip()))
                                .build());
                        if (at[0] == SIZE) {
                            call.onCompleted();
                        }
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
