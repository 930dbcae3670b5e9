package io.foedus.agent.transfer;

import com.google.protobuf.ByteString;
import io.foedus.protocol.transfer.FilePump;
import io.foedus.protocol.v1.FederationGrpc.FederationBlockingStub;
import io.foedus.protocol.v1.FederationGrpc.FederationStub;
import io.foedus.protocol.v1.UploadChunk;
import io.foedus.protocol.v1.UploadReceipt;
import io.foedus.protocol.v1.UploadStatusRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Sends the file of a result, beginning at the byte that the combiner does not have yet. Blocks; holds one chunk.
 *
 * @param taskId task that the file answers
 * @param digest SHA-256 of the file, lower-case hex
 * @param size bytes of the file
 */
public record UpdateUpload(String taskId, String digest, long size) {

    /**
     * One attempt.
     *
     * @return how many bytes were sent; 0 if the combiner had it all
     * @throws StatusRuntimeException if a call fails; the combiner keeps what arrived
     */
    public long send(FederationBlockingStub ask, FederationStub combiner, int chunkBytes, Path file)
            throws IOException, InterruptedException {
        UploadReceipt status = ask.withDeadlineAfter(30, TimeUnit.SECONDS)
                .uploadStatus(UploadStatusRequest.newBuilder()
                        .setTaskId(taskId)
                        .setDigest(digest)
                        .build());
        if (status.getComplete()) {
            return 0;
        }
        long offset = Math.min(status.getDurableBytes(), size);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Sending sending = new Sending(channel, offset, chunkBytes);
            combiner.upload(sending);
            UploadReceipt receipt = sending.await();
            if (!receipt.getComplete()) {
                throw Status.ABORTED
                        .withDescription("the upload ended at " + receipt.getDurableBytes() + " of " + size + " bytes")
                        .asRuntimeException();
            }
            return size - offset;
        }
    }

    /** The client side of one Upload call. */
    private final class Sending implements ClientResponseObserver<UploadChunk, UploadReceipt> {
        private final CompletableFuture<UploadReceipt> answer = new CompletableFuture<>();
        private final FileChannel channel;
        private final long offset;
        private final int chunkBytes;

        Sending(FileChannel channel, long offset, int chunkBytes) {
            this.channel = channel;
            this.offset = offset;
            this.chunkBytes = chunkBytes;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<UploadChunk> call) {
            FilePump<UploadChunk> pump = new FilePump<>(channel, offset, size, chunkBytes, call, this::frame);
            boolean[] announced = {offset < size};
            call.setOnReadyHandler(() -> {
                try {
                    if (!announced[0]) {
                        announced[0] = true;
                        call.onNext(frame(offset, ByteString.EMPTY));
                    }
                    pump.pump();
                } catch (UncheckedIOException e) {
                    call.cancel("the file cannot be read", e);
                    answer.completeExceptionally(e);
                }
            });
        }

        private UploadChunk frame(long at, ByteString data) {
            UploadChunk.Builder chunk = UploadChunk.newBuilder().setData(data);
            if (at == offset) {
                chunk.setTaskId(taskId).setDigest(digest).setSize(size).setOffset(at);
            }
            return chunk.build();
        }

        @Override
        public void onNext(UploadReceipt receipt) {
            answer.complete(receipt);
        }

        @Override
        public void onError(Throwable failed) {
            answer.completeExceptionally(failed);
        }

        @Override
        public void onCompleted() {
            answer.completeExceptionally(Status.INTERNAL
                    .withDescription("the upload was not answered")
                    .asRuntimeException());
        }

        UploadReceipt await() throws IOException, InterruptedException {
            try {
                return answer.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof StatusRuntimeException refused) {
                    throw refused;
                }
                throw new IOException(e.getCause());
            }
        }
    }
}
