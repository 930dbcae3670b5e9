package io.foedus.combiner.federation.boundary;

import io.foedus.protocol.transfer.FilePump;
import io.foedus.protocol.transfer.ProtocolVersion;
import io.foedus.protocol.v1.Chunk;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One model on its way to one agent: an open file and at most one chunk in memory. */
final class ModelDownload {
    private static final Logger LOG = System.getLogger(ModelDownload.class.getName());

    private final FileChannel file;
    private final ServerCallStreamObserver<Chunk> call;
    private final FilePump<Chunk> pump;

    private ModelDownload(FileChannel file, long offset, ServerCallStreamObserver<Chunk> call) throws IOException {
        this.file = file;
        this.call = call;
        this.pump = new FilePump<>(
                file,
                offset,
                file.size(),
                ProtocolVersion.CHUNK_BYTES,
                call,
                (position, data) -> Chunk.newBuilder().setData(data).build());
    }

    /** Begins; to be called before the call's method returns. */
    static void start(Path model, long offset, ServerCallStreamObserver<Chunk> call) throws IOException {
        FileChannel file = FileChannel.open(model, StandardOpenOption.READ);
        if (offset < 0 || offset > file.size()) {
            file.close();
            throw new IllegalArgumentException("the model has no byte " + offset);
        }
        ModelDownload download = new ModelDownload(file, offset, call);
        call.setOnCancelHandler(download::close);
        call.setOnReadyHandler(download::go);
    }

    private void go() {
        try {
            pump.pump();
            if (pump.done()) {
                close();
            }
        } catch (UncheckedIOException e) {
            close();
            if (!call.isCancelled()) {
                call.onError(Statuses.of(Status.UNAVAILABLE, "the model cannot be read"));
            }
        }
    }

    private void close() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Cannot close a model: {0}", e.toString());
        }
    }
}
