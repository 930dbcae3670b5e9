package io.foedus.agent.training;

import io.foedus.agent.processes.Cancellation;
import io.foedus.agent.state.PrivateFiles;
import io.foedus.core.models.Digest;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task that this agent took and that is not settled: waiting, running, or finished and not acknowledged. Its folder
 * holds the task, and the outcome once there is one, so that a finished result survives the agent; one that took longer
 * to make than to force to disk survives the machine too. Guarded by the {@link TaskBook} except where said.
 */
final class HeldTask {
    private static final String TASK = "task.pb";
    private static final String OUTCOME = "outcome.pb";
    /** Work that took less is sooner done again than forced to disk. */
    private static final long WORTH_FORCING_MILLIS = 1000;

    private final Path folder;
    private final Cancellation cancellation = new Cancellation();
    private volatile Task task;
    private volatile @Nullable FromAgent outcome;
    private volatile long deadline;
    private long unknownSince;
    private long sentAt;
    private boolean wanted = true;

    private HeldTask(Path folder, Task task, @Nullable FromAgent outcome, long now) {
        this.folder = folder;
        this.task = task;
        this.outcome = outcome;
        this.deadline = now + Duration.ofMillis(task.getDeadlineMillis()).toNanos();
    }

    /** Takes a new task, in a folder of its own: the same task may still be running in another one, cancelled. */
    static HeldTask take(Path tasks, Task task, long now) throws IOException {
        Path folder = PrivateFiles.freshFolder(tasks, task.getTaskId().replaceAll("[^0-9A-Za-z-]", "_"));
        SealedFile.write(folder.resolve(TASK), task.toByteArray(), false);
        return new HeldTask(folder, task, null, now);
    }

    /** What an earlier run of the agent finished; empty if it did not get that far, or the machine tore its files. */
    static Optional<HeldTask> load(Path folder, long now) throws IOException {
        Optional<byte[]> taken = SealedFile.read(folder.resolve(TASK));
        Optional<byte[]> finished = SealedFile.read(folder.resolve(OUTCOME));
        if (taken.isEmpty() || finished.isEmpty()) {
            return Optional.empty();
        }
        Task task = Task.parseFrom(taken.get());
        FromAgent outcome = FromAgent.parseFrom(finished.get());
        HeldTask held = new HeldTask(folder, task, outcome, now);
        held.wanted = false;
        held.unknownSince = now;
        Optional<TaskResult> updating = withUpdate(outcome);
        boolean whole = updating.isEmpty() || isWhole(held.update(), updating.get());
        return whole ? Optional.of(held) : Optional.empty();
    }

    private static boolean isWhole(Path update, TaskResult result) throws IOException {
        return Files.isRegularFile(update)
                && Files.size(update) == result.getSize()
                && Digest.of(update).hex().equals(result.getDigest());
    }

    /** The same work asked for again, perhaps under a new id and by another combiner. */
    void renew(Task again, long now) throws IOException {
        task = again;
        deadline = now + Duration.ofMillis(again.getDeadlineMillis()).toNanos();
        wanted = true;
        sentAt = 0;
        SealedFile.write(folder.resolve(TASK), again.toByteArray(), false);
        FromAgent finished = outcome;
        if (finished != null) {
            finish(finished);
        }
    }

    /** Keeps the outcome durably, under the id that the task has now. */
    void finish(FromAgent result) throws IOException {
        FromAgent.Builder builder = result.toBuilder();
        if (builder.hasResult()) {
            builder.getResultBuilder().setTaskId(task.getTaskId());
        } else {
            builder.getFailureBuilder().setTaskId(task.getTaskId());
        }
        FromAgent finished = builder.build();
        outcome = finished;
        boolean forced = worthForcing(finished);
        if (forced) {
            if (withUpdate(finished).isPresent()) {
                PrivateFiles.sync(update());
            }
            SealedFile.write(folder.resolve(TASK), task.toByteArray(), true);
        }
        SealedFile.write(folder.resolve(OUTCOME), finished.toByteArray(), forced);
    }

    private static boolean worthForcing(FromAgent finished) {
        return finished.hasResult() && finished.getResult().getTimings().getRunMillis() >= WORTH_FORCING_MILLIS;
    }

    /** True if both ask for the same work: then one result answers both. */
    boolean sameWork(Task other) {
        return task.getRoundId().equals(other.getRoundId())
                && task.getKind() == other.getKind()
                && task.getModel().getDigest().equals(other.getModel().getDigest())
                && task.getPackageDigest().equals(other.getPackageDigest())
                && task.getSettingsJson().equals(other.getSettingsJson());
    }

    void markKnown() {
        wanted = true;
    }

    void markUnknown(long now) {
        if (wanted) {
            wanted = false;
            unknownSince = now;
        }
    }

    void markSent(long now) {
        sentAt = now;
    }

    /** True if no combiner has asked for it for that long. */
    boolean unknownFor(Duration time, long now) {
        return !wanted && now - unknownSince > time.toNanos();
    }

    boolean sentLongerAgoThan(Duration time, long now) {
        return sentAt != 0 && now - sentAt > time.toNanos();
    }

    boolean isWanted() {
        return wanted;
    }

    boolean isFinished() {
        return outcome != null;
    }

    boolean isFailure() {
        FromAgent finished = outcome;
        return finished != null && finished.hasFailure();
    }

    Task task() {
        return task;
    }

    Optional<FromAgent> outcome() {
        return Optional.ofNullable(outcome);
    }

    /** The result in a message, if it is one with an update to upload. */
    static Optional<TaskResult> withUpdate(FromAgent message) {
        return message.hasResult() && !message.getResult().getDigest().isEmpty()
                ? Optional.of(message.getResult())
                : Optional.empty();
    }

    Path update() {
        return TaskRun.update(folder, task);
    }

    Duration timeLeft(long now) {
        return Duration.ofNanos(Math.max(0, deadline - now));
    }

    /** May be used by any thread. */
    Cancellation cancellation() {
        return cancellation;
    }

    Path folder() {
        return folder;
    }
}
