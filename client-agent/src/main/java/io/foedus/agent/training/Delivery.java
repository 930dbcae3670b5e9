package io.foedus.agent.training;

import io.foedus.agent.processes.Cancellation;
import io.foedus.agent.transfer.CombinerLink;
import io.foedus.agent.transfer.Retry;
import io.foedus.agent.transfer.UpdateUpload;
import io.foedus.core.liveness.Backoff;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.TaskResult;
import io.foedus.protocol.v1.Timings;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Brings one outcome to a combiner: first the bytes, then the message. Used by one thread. */
final class Delivery {
    private static final System.Logger LOG = System.getLogger(Delivery.class.getName());

    /** Answers that trying again does not change. */
    private static final Set<Status.Code> FINAL = Set.of(
            Status.Code.NOT_FOUND,
            Status.Code.PERMISSION_DENIED,
            Status.Code.INVALID_ARGUMENT,
            Status.Code.ALREADY_EXISTS,
            Status.Code.UNIMPLEMENTED);

    private static final int MOST_TRIES = 30;

    private volatile boolean uploading;

    /** What came of it. */
    enum Sent {
        /** It is with the combiner; the receipt will tell its fate. */
        SENT,
        /** The combiner wants neither this nor another try. */
        REFUSED,
        /** The link broke or the work was cancelled; another link may want it. */
        INTERRUPTED
    }

    String activity() {
        return uploading ? "UPLOADING" : "IDLE";
    }

    Sent send(FromAgent outcome, Path update, CombinerLink link, Cancellation cancellation) {
        Optional<TaskResult> result = HeldTask.withUpdate(outcome);
        if (result.isEmpty()) {
            link.send(outcome);
            return link.isOpen() ? Sent.SENT : Sent.INTERRUPTED;
        }
        uploading = true;
        try {
            return upload(result.get(), update, link, cancellation);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Sent.INTERRUPTED;
        } finally {
            uploading = false;
        }
    }

    private static Sent upload(TaskResult result, Path update, CombinerLink link, Cancellation cancellation)
            throws InterruptedException {
        UpdateUpload upload = new UpdateUpload(result.getTaskId(), result.getDigest(), result.getSize());
        Backoff backoff = Retry.backoff(RandomGenerator.getDefault());
        long start = System.nanoTime();
        while (link.isOpen() && !cancellation.isCancelled()) {
            String trouble;
            try {
                link.upload(upload, update);
                Timings timings = result.getTimings().toBuilder()
                        .setUploadMillis((System.nanoTime() - start) / 1_000_000)
                        .build();
                link.send(FromAgent.newBuilder()
                        .setResult(result.toBuilder().setTimings(timings))
                        .build());
                return link.isOpen() ? Sent.SENT : Sent.INTERRUPTED;
            } catch (StatusRuntimeException e) {
                if (FINAL.contains(e.getStatus().getCode()) || backoff.failures() >= MOST_TRIES) {
                    return refused(result, link, String.valueOf(e.getMessage()));
                }
                trouble = String.valueOf(e.getMessage());
            } catch (IOException e) {
                return refused(result, link, e.toString());
            }
            LOG.log(System.Logger.Level.INFO, "upload interrupted task={0} cause={1}", result.getTaskId(), trouble);
            Thread.sleep(backoff.next().toMillis());
        }
        return Sent.INTERRUPTED;
    }

    private static Sent refused(TaskResult result, CombinerLink link, String why) {
        LOG.log(System.Logger.Level.WARNING, "upload refused task={0} cause={1}", result.getTaskId(), why);
        link.send(FromAgent.newBuilder()
                .setFailure(new TaskTrouble(TaskTrouble.Reason.UPLOAD, "the update could not be uploaded: " + why)
                        .toMessage(result.getTaskId(), result.getTimings()))
                .build());
        return Sent.REFUSED;
    }
}
