package io.foedus.combiner.federation.boundary;

import io.foedus.combiner.agents.boundary.Patience;
import io.foedus.combiner.spool.control.Slots;
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
import java.time.Duration;

/**
 * One model on its way to one agent: an open file and at most one chunk in memory. An agent that does not read is
 * waited for until the combiner's patience is over.
 */
final class ModelDownload {
    private static final Logger LOG = System.getLogger(ModelDownload.class.getName());

    private final FileChannel file;
    private final ServerCallStreamObserver<Chunk> call;
    private final FilePump<Chunk> pump;
    private final Patience.Wait wait;
    private final Slots.Slot slot;
    private boolean over;

    private ModelDownload(
            FileChannel file, long offset, Slots.Slot slot, Patience patience, ServerCallStreamObserver<Chunk> call)
            throws IOException {
        this.file = file;
        this.call = call;
        this.slot = slot;
        this.wait = patience.over(() -> giveUp(patience.limit()));
        this.pump = new FilePump<>(
                file,
                offset,
                file.size(),
                ProtocolVersion.CHUNK_BYTES,
                call,
                (position, data) -> Chunk.newBuilder().setData(data).build());
    }

    /**
     * Begins; to be called before the call's method returns.
     *
     * @param slot left when it is over, or by the caller if this fails
     */
    static void start(Path model, long offset, Slots.Slot slot, Patience patience, ServerCallStreamObserver<Chunk> call)
            throws IOException {
        FileChannel file = FileChannel.open(model, StandardOpenOption.READ);
        if (offset < 0 || offset > file.size()) {
            file.close();
            throw new IllegalArgumentException("the model has no byte " + offset);
        }
        ModelDownload download = new ModelDownload(file, offset, slot, patience, call);
        call.setOnCancelHandler(download::close);
        call.setOnReadyHandler(download::go);
        download.wait.begin();
    }

    private synchronized void giveUp(Duration limit) {
        if (!over) {
            close();
            call.onError(Statuses.of(
                    Status.DEADLINE_EXCEEDED,
                    "nothing was read for " + limit.toSeconds() + " s; go on where it ended"));
        }
    }

    private synchronized void go() {
        if (over) {
            return;
        }
        wait.end();
        try {
            pump.pump();
            if (pump.done()) {
                close();
            } else {
                wait.begin();
            }
        } catch (UncheckedIOException e) {
            close();
            if (!call.isCancelled()) {
                call.onError(Statuses.of(Status.UNAVAILABLE, "the model cannot be read"));
            }
        }
    }

    private synchronized void close() {
        over = true;
        wait.end();
        slot.leave();
        try {
            file.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Cannot close a model: {0}", e.toString());
        }
    }
}
