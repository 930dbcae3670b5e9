package io.foedus.combiner.federation.boundary;

import io.foedus.combiner.agents.boundary.Patience;
import io.foedus.combiner.agents.entity.AgentPrincipal;
import io.foedus.combiner.collection.control.Collections;
import io.foedus.combiner.spool.control.Slots;
import io.foedus.combiner.spool.control.Upload;
import io.foedus.combiner.spool.control.Uploads;
import io.foedus.combiner.spool.entity.UploadRefusal;
import io.foedus.combiner.spool.entity.UploadRefusal.Why;
import io.foedus.combiner.uplink.control.Notices;
import io.foedus.core.models.Digest;
import io.foedus.protocol.v1.UploadChunk;
import io.foedus.protocol.v1.UploadReceipt;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One update on its way in. The next chunk is asked for when the last one has been written; it has to come before the
 * combiner's patience is over, and all of them at its pace.
 */
final class UpdateUpload implements StreamObserver<UploadChunk> {
    private static final Logger LOG = System.getLogger(UpdateUpload.class.getName());

    private final Collections collections;
    private final Uploads uploads;
    private final Notices notices;
    private final AgentPrincipal caller;
    private final ServerCallStreamObserver<UploadReceipt> call;
    private final Patience.Wait wait;
    private Slots.@Nullable Slot slot;
    private @Nullable UUID task;
    private @Nullable Digest digest;
    private @Nullable Upload upload;
    private long size;
    private boolean over;

    UpdateUpload(
            Collections collections,
            Uploads uploads,
            Notices notices,
            AgentPrincipal caller,
            Patience patience,
            ServerCallStreamObserver<UploadReceipt> call) {
        this.collections = collections;
        this.uploads = uploads;
        this.notices = notices;
        this.caller = caller;
        this.call = call;
        call.disableAutoRequest();
        call.setOnCancelHandler(this::release);
        wait = patience.over(() -> giveUp(patience.limit()));
        try {
            slot = uploads.turn(caller.client(), this::ask);
        } catch (IOException e) {
            fail(e);
        }
    }

    private void ask() {
        wait.begin();
        call.request(1);
    }

    private synchronized void giveUp(Duration limit) {
        if (!over) {
            slow(Why.IDLE, "nothing came for " + limit.toSeconds() + " s; what arrived is kept");
        }
    }

    private void slow(Why why, String sentence) {
        notices.sparingly("UPLOAD_TOO_SLOW", "an upload was ended: " + sentence, caller.client());
        fail(new UploadRefusal(why, sentence));
    }

    @Override
    public synchronized void onNext(UploadChunk chunk) {
        if (over) {
            return;
        }
        boolean keepsUp = wait.came(chunk.getData().size());
        try {
            if (upload == null && !open(chunk)) {
                return;
            }
            if (upload != null && task != null) {
                upload.write(chunk.getData().asReadOnlyByteBuffer());
                collections.alive(caller.client(), task);
            }
            if (keepsUp) {
                ask();
            } else {
                slow(Why.TOO_SLOW, "it came too slowly, " + wait.soFar() + "; what arrived is kept");
            }
        } catch (IOException | IllegalArgumentException e) {
            fail(e);
        }
    }

    /** Answers whether bytes are wanted at all. */
    private boolean open(UploadChunk first) throws IOException {
        UUID named = UUID.fromString(first.getTaskId());
        Digest announced = new Digest(first.getDigest());
        if (collections.has(caller.client(), named, announced)) {
            answer(first.getSize(), true);
            return false;
        }
        Optional<Long> most = collections.uploadLimit(caller.client(), named);
        if (most.isEmpty()) {
            throw collections.knows(caller.client(), named)
                    ? new UploadRefusal(Why.TASK_OVER, "the round does not wait for this task any more")
                    : new UploadRefusal(Why.UNKNOWN_TASK, "there is no task " + named + " of yours here");
        }
        if (uploads.complete(named, announced).isPresent()) {
            answer(first.getSize(), true);
            return false;
        }
        task = named;
        digest = announced;
        size = first.getSize();
        upload = uploads.open(named, first.getOffset(), size, most.get());
        return true;
    }

    @Override
    public synchronized void onCompleted() {
        wait.end();
        Upload finished = upload;
        if (over || finished == null || task == null || digest == null) {
            if (!over) {
                fail(new IllegalArgumentException("an upload without a first message"));
            }
            return;
        }
        try {
            long arrived = finished.length();
            if (arrived < size) {
                release();
                answer(arrived, false);
                return;
            }
            uploads.finish(task, finished, Optional.of(digest));
            answer(arrived, true);
        } catch (IOException e) {
            fail(e);
        }
    }

    @Override
    public void onError(Throwable broken) {
        release();
    }

    private void answer(long bytes, boolean complete) {
        over = true;
        leave();
        call.onNext(UploadReceipt.newBuilder()
                .setDurableBytes(bytes)
                .setComplete(complete)
                .build());
        call.onCompleted();
    }

    private void fail(Exception e) {
        release();
        over = true;
        call.onError(Statuses.of(e));
    }

    private void leave() {
        wait.end();
        if (slot != null) {
            slot.leave();
        }
    }

    /** What arrived stays for the next call. */
    private synchronized void release() {
        leave();
        Upload broken = upload;
        if (broken != null && task != null && !over) {
            try {
                uploads.release(task, broken);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "Cannot close an upload: {0}", e.toString());
            }
        }
    }
}
