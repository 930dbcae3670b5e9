package io.foedus.combiner.fedn.boundary;

import io.foedus.combiner.agents.boundary.Patience;
import io.foedus.combiner.collection.control.Collections;
import io.foedus.combiner.spool.control.Slots;
import io.foedus.combiner.spool.control.Uploads;
import io.foedus.combiner.uplink.control.Notices;
import io.foedus.core.exchange.Order;
import io.foedus.core.models.Digest;
import io.foedus.protocol.fedn.ModelRequest;
import io.foedus.protocol.fedn.ModelResponse;
import io.foedus.protocol.fedn.ModelServiceGrpc.ModelServiceImplBase;
import io.foedus.protocol.fedn.ModelStatus;
import io.foedus.protocol.transfer.FilePump;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/** {@code fedn.ModelService}: global models down, updates up, in parts of 1 MiB. */
final class FednModels extends ModelServiceImplBase {
    private static final int PART_BYTES = 1 << 20;
    private static final int MOST_DOWNLOADS_OF_ONE = 4;

    private final FednClients clients;
    private final Collections collections;
    private final Uploads uploads;
    private final Notices notices;
    private final Patience patience;
    private final Slots downloads = new Slots(Integer.MAX_VALUE, MOST_DOWNLOADS_OF_ONE, MOST_DOWNLOADS_OF_ONE);

    FednModels(FednClients clients, Collections collections, Uploads uploads, Notices notices, Patience patience) {
        this.clients = clients;
        this.collections = collections;
        this.uploads = uploads;
        this.notices = notices;
        this.patience = patience;
    }

    @Override
    public void download(ModelRequest request, StreamObserver<ModelResponse> answers) {
        try {
            UUID client = clients.named(request.getSender().getClientId()).clientId();
            if (!collections.informed()) {
                throw FednClients.unavailable("this combiner does not know yet which rounds are open");
            }
            Optional<Path> model = model(client, request.getId());
            if (model.isEmpty()) {
                // the client drops the task and reads the next one
                answers.onNext(part(request.getId(), ModelStatus.FAILED));
                answers.onCompleted();
                return;
            }
            Slots.Slot slot = downloads
                    .enter(client, () -> {})
                    .orElseThrow(() -> FednClients.unavailable("this client has too many downloads on their way"));
            try {
                send(model.get(), request.getId(), slot, (ServerCallStreamObserver<ModelResponse>) answers);
            } catch (IOException | RuntimeException e) {
                slot.leave();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            answers.onError(Replies.unavailable(e));
        }
    }

    private Optional<Path> model(UUID client, String id) {
        return collections.ordersOf(client).stream()
                .map(Order::model)
                .filter(model -> model.id().toString().equals(id))
                .findFirst()
                .flatMap(model -> collections.model(client, new Digest(model.digest())));
    }

    private void send(Path model, String id, Slots.Slot slot, ServerCallStreamObserver<ModelResponse> call)
            throws IOException {
        FileChannel file = FileChannel.open(model, StandardOpenOption.READ);
        FilePump<ModelResponse> pump = new FilePump<>(
                file,
                0,
                file.size(),
                PART_BYTES,
                call,
                (offset, data) -> ModelResponse.newBuilder()
                        .setId(id)
                        .setData(data)
                        .setStatus(ModelStatus.IN_PROGRESS)
                        .build(),
                Optional.of(part(id, ModelStatus.OK)));
        Sending sending = new Sending(file, pump, slot, call);
        call.setOnCancelHandler(sending::end);
        call.setOnReadyHandler(sending::go);
        sending.wait.begin();
    }

    /** One model on its way to one client; a client that does not read is not waited for for ever. */
    private final class Sending {
        private final FileChannel file;
        private final FilePump<ModelResponse> pump;
        private final Slots.Slot slot;
        private final ServerCallStreamObserver<ModelResponse> call;
        private final Patience.Wait wait = patience.over(this::giveUp);
        private boolean over;

        Sending(
                FileChannel file,
                FilePump<ModelResponse> pump,
                Slots.Slot slot,
                ServerCallStreamObserver<ModelResponse> call) {
            this.file = file;
            this.pump = pump;
            this.slot = slot;
            this.call = call;
        }

        synchronized void go() {
            if (over) {
                return;
            }
            wait.end();
            try {
                pump.pump();
                if (pump.done()) {
                    end();
                } else {
                    wait.begin();
                }
            } catch (UncheckedIOException e) {
                end();
                call.onError(Replies.unavailable(e));
            }
        }

        private synchronized void giveUp() {
            if (!over) {
                end();
                call.onError(FednClients.unavailable(
                        "nothing was read for " + patience.limit().toSeconds() + " s"));
            }
        }

        synchronized void end() {
            over = true;
            wait.end();
            slot.leave();
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static ModelResponse part(String id, ModelStatus status) {
        return ModelResponse.newBuilder().setId(id).setStatus(status).build();
    }

    @Override
    public StreamObserver<ModelRequest> upload(StreamObserver<ModelResponse> answers) {
        return new FednUpload(
                clients, collections, uploads, notices, patience, (ServerCallStreamObserver<ModelResponse>) answers);
    }
}
