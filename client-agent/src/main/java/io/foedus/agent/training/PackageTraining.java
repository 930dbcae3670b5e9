package io.foedus.agent.training;

import io.foedus.agent.console.Failure;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.packages.PackageException;
import io.foedus.agent.packages.PackageStore;
import io.foedus.agent.packages.ReadyPackage;
import io.foedus.agent.processes.Cancellation;
import io.foedus.agent.training.TaskTrouble.Reason;
import io.foedus.agent.transfer.Retry;
import io.foedus.core.blobs.DigestMismatchException;
import io.foedus.core.liveness.Backoff;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskProgress;
import io.foedus.protocol.v1.TaskResult;
import io.foedus.protocol.v1.Timings;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Runs the entry points of the task's compute package, which is fetched when it is not here. */
public final class PackageTraining implements Training {
    private final PackageStore packages;
    private final Supplier<ControllerClient> controller;
    private final Map<String, String> surroundings;

    /** @param surroundings variables for entry points, such as {@code FOEDUS_DATA_DIR} */
    public PackageTraining(
            PackageStore packages, Supplier<ControllerClient> controller, Map<String, String> surroundings) {
        this.packages = packages;
        this.controller = controller;
        this.surroundings = Map.copyOf(surroundings);
    }

    @Override
    public void prepare(Task task, Cancellation cancellation, Supplier<Duration> left)
            throws IOException, InterruptedException, TaskTrouble, PackageException {
        ready(task, cancellation, left);
    }

    @Override
    public TaskResult run(
            Work work, Timings.Builder timings, Cancellation cancellation, Consumer<TaskProgress> progress)
            throws IOException, InterruptedException, TaskTrouble, PackageException {
        ReadyPackage compute = ready(work.task(), cancellation, work::left);
        return new TaskRun(work.task(), work.folder(), compute, surroundings, timings)
                .run(work.model(), work.left(), cancellation, progress);
    }

    private ReadyPackage ready(Task task, Cancellation cancellation, Supplier<Duration> left)
            throws IOException, InterruptedException, TaskTrouble, PackageException {
        Backoff backoff = Retry.backoff(RandomGenerator.getDefault());
        while (true) {
            try {
                return packages.ready(task.getPackageDigest(), controller.get(), cancellation);
            } catch (Failure e) {
                if (!e.mayPass() || left.get().isZero()) {
                    throw new TaskTrouble(Reason.PACKAGE, "cannot fetch the package: " + e.sentence());
                }
            } catch (DigestMismatchException e) {
                if (backoff.failures() > 2) {
                    throw new TaskTrouble(
                            Reason.PACKAGE, "the package that was served is another one: " + e.getMessage());
                }
            }
            if (cancellation.isCancelled()) {
                throw new TaskTrouble(Reason.REFUSED, cancellation.reason().orElse("not wanted any more"));
            }
            Thread.sleep(backoff.next().toMillis());
        }
    }
}
