package io.foedus.combiner.fedn.boundary;

import io.foedus.combiner.agents.boundary.Patience;
import io.foedus.combiner.collection.control.Collections;
import io.foedus.combiner.spool.control.Slots;
import io.foedus.combiner.spool.control.Upload;
import io.foedus.combiner.spool.control.Uploads;
import io.foedus.combiner.spool.entity.UploadRefusal;
import io.foedus.combiner.uplink.control.Notices;
import io.foedus.protocol.fedn.ModelRequest;
import io.foedus.protocol.fedn.ModelResponse;
import io.foedus.protocol.fedn.ModelStatus;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One FEDn upload: parts IN_PROGRESS with data, then one OK without. The file begins anew with each call. What no open
 * round waits for is read and forgotten, because the client must hear OK to go on to its next task.
 */
final class FednUpload implements StreamObserver<ModelRequest> {
    private final Collections collections;
    private final Uploads uploads;
    private final Notices notices;
    private final ServerCallStreamObserver<ModelResponse> call;
    private final @Nullable UUID client;
    private final Patience.Wait wait;
    private Slots.@Nullable Slot slot;
    private @Nullable UUID name;
    private @Nullable Upload upload;
    private boolean over;

    FednUpload(
            FednClients clients,
            Collections collections,
            Uploads uploads,
            Notices notices,
            Patience patience,
            ServerCallStreamObserver<ModelResponse> call) {
        this.collections = collections;
        this.uploads = uploads;
        this.notices = notices;
        this.call = call;
        call.disableAutoRequest();
        call.setOnCancelHandler(this::release);
        wait = patience.over(() -> giveUp(patience.limit()));
        UUID caller = null;
        try {
            caller = clients.calling("").clientId();
            if (!collections.informed()) {
                throw FednClients.unavailable("this combiner does not know yet which rounds are open");
            }
            slot = uploads.turn(caller, this::ask);
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
        this.client = caller;
    }

    private void ask() {
        wait.begin();
        call.request(1);
    }

    private synchronized void giveUp(Duration limit) {
        if (!over) {
            slow("nothing came for " + limit.toSeconds() + " s");
        }
    }

    private void slow(String sentence) {
        if (client != null) {
            notices.sparingly("UPLOAD_TOO_SLOW", "an upload was ended: " + sentence, client);
        }
        fail(FednClients.unavailable(sentence));
    }

    @Override
    public synchronized void onNext(ModelRequest part) {
        boolean keepsUp = wait.came(part.getData().size());
        // A call that was given up must not begin the file anew after a newer call has sent it.
        if (over || client == null || Context.current().isCancelled()) {
            return;
        }
        try {
            if (name == null) {
                begin(FednMessages.upload(part.getId()));
            }
            write(part);
            collections.alive(client);
            if (part.getStatus() == ModelStatus.OK) {
                finish(part.getId());
            } else if (keepsUp) {
                ask();
            } else {
                slow("it came too slowly, " + wait.soFar());
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void write(ModelRequest part) throws IOException {
        if (upload == null || name == null || part.getData().isEmpty()) {
            return;
        }
        try {
            upload.write(part.getData().asReadOnlyByteBuffer());
        } catch (UploadRefusal refusal) {
            if (refusal.why() != UploadRefusal.Why.TOO_LARGE) {
                throw refusal;
            }
            uploads.discard(name); // trying again would not help: the update will be refused
            upload = null;
        }
    }

    private void begin(UUID file) throws IOException {
        name = file;
        Optional<Long> most = client == null ? Optional.empty() : collections.uploadLimit(client);
        if (client != null && most.isPresent()) {
            upload = uploads.open(file, 0, -1, most.get());
            uploads.answers(file, collections.openTasks(client));
        }
    }

    private void finish(String id) throws IOException {
        if (upload != null && name != null) {
            uploads.finish(name, upload, Optional.empty());
        }
        over = true;
        leave();
        call.onNext(ModelResponse.newBuilder()
                .setId(id)
                .setStatus(ModelStatus.OK)
                .setMessage("Got model successfully.")
                .build());
        call.onCompleted();
    }

    @Override
    public void onError(Throwable broken) {
        release();
    }

    @Override
    public synchronized void onCompleted() {
        if (!over) {
            fail(FednClients.unavailable("the upload ended without its last part"));
        }
    }

    private void fail(Exception e) {
        release();
        if (!over) {
            over = true;
            call.onError(Replies.unavailable(e));
        }
    }

    private void leave() {
        wait.end();
        if (slot != null) {
            slot.leave();
        }
    }

    private synchronized void release() {
        leave();
        try {
            if (upload != null && name != null && !over) {
                uploads.release(name, upload);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
