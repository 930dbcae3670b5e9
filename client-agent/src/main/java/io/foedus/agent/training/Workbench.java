package io.foedus.agent.training;

import io.foedus.agent.packages.PackageException;
import io.foedus.agent.processes.Cancellation;
import io.foedus.agent.training.TaskTrouble.Reason;
import io.foedus.agent.transfer.CombinerLink;
import io.foedus.agent.transfer.Retry;
import io.foedus.core.blobs.DigestMismatchException;
import io.foedus.core.liveness.Backoff;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.ModelRef;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskKind;
import io.foedus.protocol.v1.TaskProgress;
import io.foedus.protocol.v1.TaskResult;
import io.foedus.protocol.v1.Timings;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Does one task after the other: it brings the model and has the {@link Training} done. Whatever goes wrong becomes a
 * failure with its cause; a server that is away is waited for as long as the task's deadline allows. Used by one
 * thread.
 */
public final class Workbench {
    private static final System.Logger LOG = System.getLogger(Workbench.class.getName());
    private static final Set<Status.Code> FINAL =
            Set.of(Status.Code.NOT_FOUND, Status.Code.PERMISSION_DENIED, Status.Code.INVALID_ARGUMENT);
    private static final Duration PROGRESS_EVERY = Duration.ofMillis(500);

    private final ModelCache models;
    private final Training training;
    private LinkSource links = (most, cancellation) -> Optional.empty();
    private volatile String activity = "IDLE";

    /** @param training does what the task asks for with the downloaded model */
    public Workbench(ModelCache models, Training training) {
        this.models = models;
        this.training = training;
    }

    /** Where the present link is had from. */
    interface LinkSource {
        Optional<CombinerLink> await(Duration most, Cancellation cancellation) throws InterruptedException;
    }

    void linkFrom(LinkSource source) {
        links = source;
    }

    String activity() {
        return activity;
    }

    /** Does the task; never throws. */
    FromAgent perform(HeldTask held, Consumer<FromAgent> out) {
        Task task = held.task();
        Timings.Builder timings = Timings.newBuilder();
        LOG.log(
                System.Logger.Level.INFO,
                "task begins round={0} kind={1} task={2}",
                task.getRoundNumber(),
                task.getKind(),
                task.getTaskId());
        try {
            TaskResult result = perform(held, task, timings, out);
            LOG.log(
                    System.Logger.Level.INFO,
                    "task done round={0} task={1} examples={2} seconds={3}",
                    task.getRoundNumber(),
                    task.getTaskId(),
                    result.getExamples(),
                    timings.getRunMillis() / 1000.0);
            return FromAgent.newBuilder().setResult(result).build();
        } catch (TaskTrouble e) {
            return failed(task, e, timings);
        } catch (PackageException e) {
            return failed(task, new TaskTrouble(Reason.PACKAGE, String.valueOf(e.getMessage()), 0, e.log()), timings);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(task, new TaskTrouble(Reason.REFUSED, "the agent is shutting down"), timings);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "task failed inside the agent", e);
            return failed(task, TaskTrouble.of("the agent failed", e), timings);
        } finally {
            activity = "IDLE";
        }
    }

    private TaskResult perform(HeldTask held, Task task, Timings.Builder timings, Consumer<FromAgent> out)
            throws IOException, InterruptedException, TaskTrouble, PackageException {
        requireWanted(held);
        activity = "DOWNLOADING";
        training.prepare(task, held.cancellation(), () -> held.timeLeft(System.nanoTime()));
        long start = System.nanoTime();
        Path model = downloaded(held, task, out);
        timings.setDownloadMillis((System.nanoTime() - start) / 1_000_000);
        activity = task.getKind() == TaskKind.TASK_KIND_TRAIN ? "TRAINING" : "VALIDATING";
        Duration left = held.timeLeft(System.nanoTime());
        return training.run(
                new Training.Work(task, held.folder(), model, left), timings, held.cancellation(), throttled(out));
    }

    private Path downloaded(HeldTask held, Task task, Consumer<FromAgent> out)
            throws IOException, InterruptedException, TaskTrouble {
        ModelRef model = task.getModel();
        Backoff backoff = Retry.backoff(RandomGenerator.getDefault());
        int mismatches = 0;
        while (!models.has(model.getDigest())) {
            requireWanted(held);
            Optional<CombinerLink> link = links.await(held.timeLeft(System.nanoTime()), held.cancellation());
            requireWanted(held);
            if (link.isEmpty()) {
                throw new TaskTrouble(Reason.DOWNLOAD, "the combiner was away until the deadline");
            }
            try {
                out.accept(phase(task, "download"));
                link.get()
                        .download(
                                model,
                                held.task().getTaskId(),
                                models.place(model.getDigest()),
                                held.cancellation()::isCancelled);
                models.arrived(model.getDigest());
                models.trim();
            } catch (StatusRuntimeException e) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "download interrupted task={0} cause={1}",
                        task.getTaskId(),
                        String.valueOf(e.getMessage()));
                if (FINAL.contains(e.getStatus().getCode())) {
                    throw new TaskTrouble(Reason.DOWNLOAD, "the combiner does not give the model: " + e.getMessage());
                }
                Thread.sleep(backoff.next().toMillis());
            } catch (DigestMismatchException e) {
                if (++mismatches > 2) {
                    throw new TaskTrouble(Reason.DOWNLOAD, "the model arrives damaged: " + e.getMessage());
                }
            } catch (IOException e) {
                throw TaskTrouble.isDiskFull(e)
                        ? TaskTrouble.of("the model cannot be kept", e)
                        : new TaskTrouble(Reason.DOWNLOAD, String.valueOf(e.getMessage()));
            }
        }
        return models.place(model.getDigest());
    }

    private static void requireWanted(HeldTask held) throws TaskTrouble {
        if (held.cancellation().isCancelled()) {
            throw new TaskTrouble(Reason.REFUSED, held.cancellation().reason().orElse("not wanted any more"));
        }
        if (held.timeLeft(System.nanoTime()).isZero()) {
            throw new TaskTrouble(Reason.TIMEOUT, "the deadline passed before the entry point could begin");
        }
    }

    private FromAgent failed(Task task, TaskTrouble trouble, Timings.Builder timings) {
        LOG.log(
                System.Logger.Level.WARNING,
                "task failed round={0} task={1} reason={2} {3}",
                task.getRoundNumber(),
                task.getTaskId(),
                trouble.reason(),
                String.valueOf(trouble.getMessage()));
        return FromAgent.newBuilder()
                .setFailure(trouble.toMessage(task.getTaskId(), timings.build()))
                .build();
    }

    private static FromAgent phase(Task task, String phase) {
        return FromAgent.newBuilder()
                .setProgress(TaskProgress.newBuilder()
                        .setTaskId(task.getTaskId())
                        .setFraction(-1)
                        .setPhase(phase))
                .build();
    }

    private static Consumer<TaskProgress> throttled(Consumer<FromAgent> out) {
        long[] last = {System.nanoTime() - PROGRESS_EVERY.toNanos()};
        return progress -> {
            long now = System.nanoTime();
            if (now - last[0] >= PROGRESS_EVERY.toNanos() || progress.getFraction() >= 1) {
                last[0] = now;
                out.accept(FromAgent.newBuilder().setProgress(progress).build());
            }
        };
    }
}
