package io.foedus.combiner.federation.boundary;

import io.foedus.combiner.agents.boundary.TicketInterceptor;
import io.foedus.combiner.agents.entity.AgentPrincipal;
import io.foedus.combiner.collection.control.Collections;
import io.foedus.combiner.spool.control.Slots;
import io.foedus.combiner.spool.control.Uploads;
import io.foedus.core.models.Digest;
import io.foedus.protocol.v1.Chunk;
import io.foedus.protocol.v1.DownloadRequest;
import io.foedus.protocol.v1.FederationGrpc.FederationImplBase;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.ToAgent;
import io.foedus.protocol.v1.UploadChunk;
import io.foedus.protocol.v1.UploadReceipt;
import io.foedus.protocol.v1.UploadStatusRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** The gRPC face of the combiner for Foedus agents. */
public final class FederationCalls extends FederationImplBase {
    private static final int MOST_DOWNLOADS_OF_ONE = 4;

    private final Reception reception;
    private final Collections collections;
    private final Uploads uploads;
    private final Slots downloads = new Slots(Integer.MAX_VALUE, MOST_DOWNLOADS_OF_ONE, MOST_DOWNLOADS_OF_ONE);

    public FederationCalls(Reception reception, Collections collections, Uploads uploads) {
        this.reception = reception;
        this.collections = collections;
        this.uploads = uploads;
    }

    @Override
    public StreamObserver<FromAgent> work(StreamObserver<ToAgent> answers) {
        return new WorkStream(reception, TicketInterceptor.caller(), (ServerCallStreamObserver<ToAgent>) answers);
    }

    @Override
    public void download(DownloadRequest request, StreamObserver<Chunk> answers) {
        AgentPrincipal caller = TicketInterceptor.caller();
        try {
            Optional<Path> model = collections.model(caller.client(), new Digest(request.getDigest()));
            if (model.isEmpty()) {
                answers.onError(Statuses.of(Status.NOT_FOUND, "no task of yours needs " + request.getDigest()));
                return;
            }
            Optional<Slots.Slot> slot = downloads.enter(caller.client(), () -> {});
            if (slot.isEmpty()) {
                answers.onError(Statuses.of(
                        Status.RESOURCE_EXHAUSTED,
                        "this client has " + MOST_DOWNLOADS_OF_ONE + " downloads on their way already"));
                return;
            }
            download(model.get(), request.getOffset(), slot.get(), (ServerCallStreamObserver<Chunk>) answers);
        } catch (IOException | IllegalArgumentException e) {
            answers.onError(Statuses.of(e));
        }
    }

    private void download(Path model, long offset, Slots.Slot slot, ServerCallStreamObserver<Chunk> answers)
            throws IOException {
        try {
            ModelDownload.start(model, offset, slot, reception.patience(), answers);
        } catch (IOException | IllegalArgumentException e) {
            slot.leave();
            throw e;
        }
    }

    @Override
    public void uploadStatus(UploadStatusRequest request, StreamObserver<UploadReceipt> answers) {
        try {
            UUID client = TicketInterceptor.caller().client();
            answers.onNext(status(client, UUID.fromString(request.getTaskId()), new Digest(request.getDigest())));
            answers.onCompleted();
        } catch (IOException | IllegalArgumentException e) {
            answers.onError(Statuses.of(e));
        }
    }

    private UploadReceipt status(UUID client, UUID task, Digest digest) throws IOException {
        boolean complete = collections.has(client, task, digest)
                || collections.knows(client, task)
                        && uploads.complete(task, digest).isPresent();
        return UploadReceipt.newBuilder()
                .setComplete(complete)
                .setDurableBytes(complete || !collections.knows(client, task) ? 0 : uploads.durable(task))
                .build();
    }

    @Override
    public StreamObserver<UploadChunk> upload(StreamObserver<UploadReceipt> answers) {
        return new UpdateUpload(
                collections,
                uploads,
                reception.notices(),
                TicketInterceptor.caller(),
                reception.patience(),
                (ServerCallStreamObserver<UploadReceipt>) answers);
    }
}
