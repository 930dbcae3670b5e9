package io.foedus.agent.transfer;

import com.google.protobuf.ByteString;
import io.foedus.core.blobs.DigestMismatchException;
import io.foedus.core.blobs.PartialFile;
import io.foedus.core.models.Digest;
import io.foedus.protocol.v1.Chunk;
import io.foedus.protocol.v1.DownloadRequest;
import io.foedus.protocol.v1.FederationGrpc.FederationBlockingStub;
import io.foedus.protocol.v1.ModelRef;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.BooleanSupplier;

/** Fetches a model from the combiner into its place, going on where an earlier attempt broke. Blocks. */
public final class ModelDownload {
    private ModelDownload() {}

    /**
     * One attempt.
     *
     * @param stop asked between chunks; when true the call is given up
     * @throws StatusRuntimeException if the call fails; what arrived is kept
     * @throws DigestMismatchException if the bytes are not the model; nothing is kept
     */
    public static Path fetch(
            FederationBlockingStub combiner, ModelRef model, String taskId, Path place, BooleanSupplier stop)
            throws IOException {
        try (PartialFile file = PartialFile.open(place, new Digest(model.getDigest()))) {
            if (file.length() > model.getSize()) {
                file.restart();
            }
            requireSpace(place, model.getSize() - file.length());
            if (file.length() < model.getSize()) {
                receive(combiner, request(model, taskId, file.length()), file, model.getSize(), stop);
            }
            return file.completeUnforced();
        }
    }

    private static void receive(
            FederationBlockingStub combiner, DownloadRequest request, PartialFile file, long size, BooleanSupplier stop)
            throws IOException {
        Context.CancellableContext call = Context.current().withCancellation();
        Context previous = call.attach();
        try {
            for (Iterator<Chunk> chunks = combiner.download(request); chunks.hasNext(); ) {
                ByteString data = chunks.next().getData();
                if (file.length() + data.size() > size) {
                    throw new IOException("the combiner sends more than the " + size + " bytes it announced");
                }
                for (ByteBuffer bytes : data.asReadOnlyByteBufferList()) {
                    file.append(bytes);
                }
                if (stop.getAsBoolean()) {
                    throw Status.CANCELLED
                            .withDescription("not wanted any more")
                            .asRuntimeException();
                }
            }
        } finally {
            call.detach(previous);
            call.cancel(null);
        }
    }

    private static DownloadRequest request(ModelRef model, String taskId, long offset) {
        return DownloadRequest.newBuilder()
                .setDigest(model.getDigest())
                .setOffset(offset)
                .setTaskId(taskId)
                .build();
    }

    private static void requireSpace(Path place, long bytes) throws IOException {
        Path folder = place.toAbsolutePath().getParent();
        if (folder != null && Files.getFileStore(folder).getUsableSpace() < bytes + (16 << 20)) {
            throw new IOException("the disk of " + folder + " has no room for a model of " + bytes + " bytes");
        }
    }
}
