package io.foedus.agent.training;

import io.foedus.agent.packages.PackageException;
import io.foedus.agent.processes.Cancellation;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskProgress;
import io.foedus.protocol.v1.TaskResult;
import io.foedus.protocol.v1.Timings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What an agent does with a model: the entry points of compute packages, or a double for benchmarks and tests. Called
 * by one thread, one task after the other; both methods block, and end soon after the cancellation.
 */
public interface Training {
    /**
     * A task to do.
     *
     * @param folder of the task; the update of a training goes to {@link TaskRun#update}
     * @param model the downloaded model; it must not be changed
     * @param left time until the deadline
     */
    record Work(Task task, Path folder, Path model, Duration left) {}

    /**
     * Gets ready, while the model is not there yet.
     *
     * @param left time until the deadline, asked again and again
     */
    void prepare(Task task, Cancellation cancellation, Supplier<Duration> left)
            throws IOException, InterruptedException, TaskTrouble, PackageException;

    /**
     * Does it.
     *
     * @param timings filled in as it goes on
     * @param progress hears how far it is
     */
    TaskResult run(Work work, Timings.Builder timings, Cancellation cancellation, Consumer<TaskProgress> progress)
            throws IOException, InterruptedException, TaskTrouble, PackageException;
}
