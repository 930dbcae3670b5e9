package io.foedus.agent.training;

import io.foedus.agent.console.Json;
import io.foedus.agent.packages.PackageException;
import io.foedus.agent.packages.ReadyPackage;
import io.foedus.agent.processes.Cancellation;
import io.foedus.agent.processes.ChildProcess;
import io.foedus.agent.processes.Command;
import io.foedus.agent.processes.Ended;
import io.foedus.agent.state.PrivateFiles;
import io.foedus.agent.training.TaskTrouble.Reason;
import io.foedus.core.models.Digest;
import io.foedus.core.round.Metrics;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskKind;
import io.foedus.protocol.v1.TaskProgress;
import io.foedus.protocol.v1.TaskResult;
import io.foedus.protocol.v1.Timings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One run of {@code train} or {@code validate} in the folder of a task. The entry point gets the model's path and the
 * path for its output; the session's settings lie in {@code <in>-metadata}, its metadata is expected in
 * {@code <out>-metadata}. What it left is checked for form only; what it means is the combiner's matter.
 */
public final class TaskRun {
    private final Task task;
    private final Path folder;
    private final ReadyPackage compute;
    private final Map<String, String> surroundings;
    private final Timings.Builder timings;

    /**
     * Prepares a run.
     *
     * @param folder scratch and result folder of the task
     * @param surroundings variables that tell the entry point where it runs
     * @param timings filled in as the run goes on
     */
    public TaskRun(
            Task task, Path folder, ReadyPackage compute, Map<String, String> surroundings, Timings.Builder timings) {
        this.task = task;
        this.folder = folder;
        this.compute = compute;
        this.surroundings = surroundings;
        this.timings = timings;
    }

    /** The file of a training's update in its folder. */
    public static Path update(Path folder, Task task) {
        return folder.resolve("out" + extension(task.getModel().getFormat()));
    }

    /**
     * Runs the entry point to its end.
     *
     * @param model the downloaded model; it is not changed
     * @param deadline time that is left
     * @param progress hears what the entry point reports
     */
    public TaskResult run(Path model, Duration deadline, Cancellation cancellation, Consumer<TaskProgress> progress)
            throws IOException, InterruptedException, TaskTrouble {
        boolean training = task.getKind() == TaskKind.TASK_KIND_TRAIN;
        Path in = folder.resolve("in" + extension(task.getModel().getFormat()));
        Path out = training ? update(folder, task) : folder.resolve("out.json");
        Path settings = beside(in);
        Path metadata = beside(out);
        for (Path stale : new Path[] {in, out, metadata, folder.resolve("progress")}) {
            Files.deleteIfExists(stale);
        }
        link(model, in);
        PrivateFiles.write(settings, settings().getBytes(StandardCharsets.UTF_8), false);

        Ended ended = execute(training ? "train" : "validate", in, out, settings, deadline, cancellation, progress);
        timings.setRunMillis(ended.took().toMillis())
                .setCpuSeconds(ended.cpuSeconds())
                .setPeakMemoryBytes(ended.peakMemoryBytes());
        requireSuccess(training ? "train" : "validate", ended, deadline, cancellation);
        Files.deleteIfExists(in);
        if (!Files.isRegularFile(out) || Files.size(out) == 0) {
            throw new TaskTrouble(
                    Reason.NO_OUTPUT,
                    "the entry point ended with exit code 0 but wrote nothing to its second argument",
                    0,
                    ended.log());
        }
        return training ? trained(out, metadata, ended) : validated(out, metadata);
    }

    private Ended execute(
            String entryPoint,
            Path in,
            Path out,
            Path settings,
            Duration deadline,
            Cancellation cancellation,
            Consumer<TaskProgress> progress)
            throws IOException, InterruptedException, TaskTrouble {
        Path progressFile = folder.resolve("progress");
        Map<String, String> environment = new HashMap<>(compute.environment());
        environment.putAll(surroundings);
        environment.put("FOEDUS_ENTRY_POINT", entryPoint);
        environment.put("FOEDUS_TASK_ID", task.getTaskId());
        environment.put("FOEDUS_SESSION_ID", task.getSessionId());
        environment.put("FOEDUS_ROUND", Integer.toString(task.getRoundNumber()));
        environment.put("FOEDUS_SETTINGS", settings.toString());
        environment.put("FOEDUS_PROGRESS", progressFile.toString());
        ProgressLines lines = new ProgressLines(progressFile, task.getTaskId());
        try {
            return ChildProcess.run(
                    new Command(
                            compute.descriptor().command(entryPoint),
                            List.of(in.toString(), out.toString()),
                            compute.descriptor().folder(),
                            environment,
                            deadline,
                            Command.GRACE),
                    cancellation,
                    () -> lines.next().ifPresent(progress));
        } catch (PackageException e) {
            throw new TaskTrouble(Reason.PACKAGE, String.valueOf(e.getMessage()));
        }
    }

    private static void requireSuccess(String entryPoint, Ended ended, Duration deadline, Cancellation cancellation)
            throws TaskTrouble {
        switch (ended.how()) {
            case TIMED_OUT ->
                throw new TaskTrouble(
                        Reason.TIMEOUT,
                        entryPoint + " did not end within " + deadline.toSeconds() + " s and was killed",
                        ended.exitCode(),
                        ended.log());
            case CANCELLED ->
                throw new TaskTrouble(
                        Reason.REFUSED,
                        entryPoint + " was ended: " + cancellation.reason().orElse("not wanted any more"),
                        ended.exitCode(),
                        ended.log());
            case BY_ITSELF -> {
                if (ended.exitCode() != 0) {
                    throw new TaskTrouble(
                            Reason.ENTRY_POINT_FAILED,
                            entryPoint + " ended with exit code " + ended.exitCode(),
                            ended.exitCode(),
                            ended.log());
                }
            }
        }
    }

    private TaskResult trained(Path out, Path metadata, Ended ended) throws IOException, TaskTrouble {
        if (!Files.isRegularFile(metadata)) {
            throw new TaskTrouble(
                    Reason.BAD_METADATA,
                    "train wrote no \"" + metadata.getFileName() + "\" beside its output; it must be a JSON object with"
                            + " num_examples, the number of local examples",
                    0,
                    ended.log());
        }
        Written written = Written.read(metadata);
        Metrics metrics = written.metrics();
        return TaskResult.newBuilder()
                .setTaskId(task.getTaskId())
                .setExamples(examples(written))
                .putAllMetrics(metrics.numbers())
                .setMetricsJson(Written.text(metrics))
                .setDigest(Digest.of(out).hex())
                .setSize(Files.size(out))
                .setTimings(timings)
                .build();
    }

    private TaskResult validated(Path out, Path metadata) throws IOException, TaskTrouble {
        Written written = Written.read(out);
        Metrics metrics = written.metrics();
        long examples = 1;
        if (written.has("num_examples")) {
            examples = examples(written);
        } else if (Files.isRegularFile(metadata)) {
            examples = examples(Written.read(metadata));
        }
        return TaskResult.newBuilder()
                .setTaskId(task.getTaskId())
                .setExamples(examples)
                .putAllMetrics(metrics.numbers())
                .setMetricsJson(Written.text(metrics))
                .setTimings(timings)
                .build();
    }

    private static long examples(Written written) throws TaskTrouble {
        Object examples = written.get("num_examples");
        double value = examples instanceof Number number ? number.doubleValue() : Double.NaN;
        if (!(value >= 1 && value == Math.rint(value) && value <= 1e15)) {
            throw new TaskTrouble(
                    Reason.BAD_METADATA,
                    written.file().getFileName() + " must give num_examples as a whole number of at least 1, it says "
                            + (examples == null ? "nothing" : Json.line(examples)));
        }
        return (long) value;
    }

    private String settings() {
        return task.getSettingsJson().isBlank() ? "{}" : task.getSettingsJson();
    }

    /** A second name for the cached model, or a copy where the file system has no such thing. */
    private static void link(Path model, Path in) throws IOException {
        try {
            Files.createLink(in, model);
        } catch (UnsupportedOperationException | IOException e) {
            Files.copy(model, in);
        }
    }

    private static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + "-metadata");
    }

    /** NumPy appends {@code .npz} to names without it, so the names carry the format. */
    private static String extension(String format) {
        String safe = format.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return "." + (safe.isEmpty() || safe.equals("raw") ? "bin" : safe);
    }
}
