package io.foedus.agent.training;

import io.foedus.agent.processes.Cancellation;
import io.foedus.agent.state.PrivateFiles;
import io.foedus.agent.transfer.CombinerLink;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.ResultReceipt;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskAccepted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks this agent holds, from their offer until they are settled, across combiners and restarts.
 *
 * <p>One thread works ({@link Workbench}), one delivers ({@link Delivery}). A finished result stays on disk until a
 * combiner has told its fate; if the same work is asked for again, by whomever and under whatever id, the result is
 * offered again and nothing is trained twice. Work that no combiner knows any more is given up after a while, at once
 * if other work waits for the thread.
 */
public final class TaskBook {
    /** How long unknown work goes on, so that a combiner that takes over a lost one's share can still ask for it. */
    static final Duration ORPHAN_PATIENCE = Duration.ofMinutes(2);

    /** How long an unknown finished result is kept. */
    static final Duration RESULT_PATIENCE = Duration.ofMinutes(30);

    /** Failures are told and then forgotten: combiners need not acknowledge them. */
    static final Duration FAILURE_PATIENCE = Duration.ofSeconds(30);

    private static final System.Logger LOG = System.getLogger(TaskBook.class.getName());

    private final Path tasks;
    private final Workbench workbench;
    private final Delivery delivery = new Delivery();
    private final Map<String, HeldTask> held = new LinkedHashMap<>();
    private final ExecutorService worker = thread("task-worker");
    private final ExecutorService courier = thread("task-delivery");
    private @Nullable CombinerLink link;
    private @Nullable HeldTask current;
    private boolean leaving;

    /** Takes over what an earlier run left in the folder: finished results stay, the rest is thrown away. */
    public TaskBook(Path tasks, Workbench workbench) throws IOException {
        this.tasks = tasks;
        this.workbench = workbench;
        workbench.linkFrom(this::awaitLink);
        try (Stream<Path> folders = Files.list(tasks)) {
            folders.sorted().forEach(this::takeOver);
        }
    }

    private void takeOver(Path folder) {
        Optional<HeldTask> finished = Optional.empty();
        try {
            finished = HeldTask.load(folder, System.nanoTime());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "what is in {0} cannot be read: {1}", folder, e.toString());
        }
        if (finished.isPresent() && held.putIfAbsent(finished.get().task().getTaskId(), finished.get()) == null) {
            return;
        }
        forget(folder);
    }

    /** Ids for {@code Hello.held_tasks}. */
    public synchronized List<String> heldTasks() {
        return List.copyOf(held.keySet());
    }

    /** What the agent is doing, as {@code Telemetry.state}. */
    public synchronized String activity() {
        return current == null ? delivery.activity() : workbench.activity();
    }

    /** True if nothing is running and nothing is on its way. */
    public synchronized boolean isIdle() {
        return current == null && held.values().stream().allMatch(t -> t.isFinished() && !t.isWanted());
    }

    /** A combiner said Welcome: its {@code known_tasks} count, finished ones are delivered again. */
    public synchronized void attached(CombinerLink newLink, List<String> known) {
        link = newLink;
        Set<String> wanted = new HashSet<>(known);
        for (Map.Entry<String, HeldTask> entry : held.entrySet()) {
            HeldTask task = entry.getValue();
            if (wanted.contains(entry.getKey())) {
                task.markKnown();
                deliverIfFinished(task);
            } else {
                task.markUnknown(System.nanoTime());
            }
        }
        notifyAll();
    }

    /** The link is gone; work goes on. */
    public synchronized void detached(CombinerLink lost) {
        if (link == lost) {
            link = null;
        }
    }

    /** A combiner asks for work, for the first time or again. */
    public synchronized void offered(Task task) {
        if (leaving) {
            return;
        }
        try {
            long now = System.nanoTime();
            HeldTask same = held.get(task.getTaskId());
            if (same == null) {
                same = held.values().stream()
                        .filter(h -> h.sameWork(task)
                                && !h.isFailure()
                                && !h.cancellation().isCancelled())
                        .findFirst()
                        .orElse(null);
            }
            if (same == null) {
                dropUnwanted();
                HeldTask fresh = HeldTask.take(tasks, task, now);
                held.put(task.getTaskId(), fresh);
                accept(task);
                worker.execute(() -> work(fresh));
            } else {
                held.remove(same.task().getTaskId());
                same.renew(task, now);
                held.put(task.getTaskId(), same);
                accept(task);
                deliverIfFinished(same);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot take task {0}: {1}", task.getTaskId(), e.toString());
            send(FromAgent.newBuilder()
                    .setFailure(TaskTrouble.of("the agent cannot take the task", e)
                            .toMessage(task.getTaskId(), io.foedus.protocol.v1.Timings.getDefaultInstance()))
                    .build());
        }
    }

    /** A combiner takes work back. */
    public synchronized void cancelled(String taskId, String reason) {
        HeldTask task = held.remove(taskId);
        if (task != null) {
            LOG.log(System.Logger.Level.INFO, "task cancelled task={0} reason={1}", taskId, reason);
            task.cancellation().cancel(reason);
            forgetUnlessRunning(task);
        }
    }

    /** A combiner told the fate of a result: the task is settled. */
    public synchronized void settled(ResultReceipt receipt) {
        HeldTask task = held.remove(receipt.getTaskId());
        if (task != null) {
            boolean accepted =
                    receipt.getFate().equals("ACCEPTED") || receipt.getFate().equals("DUPLICATE");
            LOG.log(
                    accepted ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                    "result settled round={0} task={1} fate={2} {3}",
                    task.task().getRoundNumber(),
                    receipt.getTaskId(),
                    receipt.getFate(),
                    receipt.getReason());
            task.cancellation().cancel("settled");
            forgetUnlessRunning(task);
        }
    }

    /** Gives up what nobody has asked for in a while; called every few seconds. */
    public synchronized void sweep() {
        long now = System.nanoTime();
        for (HeldTask task : List.copyOf(held.values())) {
            boolean over = task.isFailure()
                    ? task.sentLongerAgoThan(FAILURE_PATIENCE, now) || task.unknownFor(FAILURE_PATIENCE, now)
                    : task.unknownFor(task.isFinished() ? RESULT_PATIENCE : ORPHAN_PATIENCE, now);
            if (over) {
                drop(task, "no combiner has asked for it");
            }
        }
    }

    /**
     * Stops: no new work, running work ends, what is finished is delivered or stays on disk.
     *
     * @return true if nothing wanted is left behind
     */
    public boolean leave(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (this) {
            leaving = true;
            held.values().stream()
                    .filter(t -> !t.isFinished())
                    .forEach(t -> t.cancellation().cancel("the agent is shutting down"));
            notifyAll();
        }
        worker.shutdown();
        worker.awaitTermination(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        courier.shutdown();
        courier.awaitTermination(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        worker.shutdownNow();
        courier.shutdownNow();
        return isIdle();
    }

    private void work(HeldTask task) {
        synchronized (this) {
            current = task;
        }
        FromAgent outcome = workbench.perform(task, this::send);
        synchronized (this) {
            current = null;
            if (held.get(task.task().getTaskId()) != task) {
                forget(task.folder());
                return;
            }
            try {
                task.finish(outcome);
            } catch (IOException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "cannot keep the result of task {0}: {1}",
                        task.task().getTaskId(),
                        e.toString());
            }
            deliverIfFinished(task);
        }
    }

    private void deliverIfFinished(HeldTask task) {
        CombinerLink to = link;
        if (task.isFinished() && task.isWanted() && to != null) {
            try {
                courier.execute(() -> deliver(task, to));
            } catch (RejectedExecutionException e) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "result kept for the next start task={0}",
                        task.task().getTaskId());
            }
        }
    }

    private void deliver(HeldTask task, CombinerLink to) {
        FromAgent message;
        synchronized (this) {
            if (link != to || held.get(task.task().getTaskId()) != task) {
                return;
            }
            message = task.outcome().orElseThrow();
        }
        Delivery.Sent sent = delivery.send(message, task.update(), to, task.cancellation());
        synchronized (this) {
            switch (sent) {
                case SENT -> task.markSent(System.nanoTime());
                case REFUSED -> drop(task, "the combiner does not take it");
                case INTERRUPTED -> LOG.log(System.Logger.Level.DEBUG, "delivery waits for the next link");
            }
        }
    }

    /** Blocks until there is a link, at most that long. */
    private synchronized Optional<CombinerLink> awaitLink(Duration most, Cancellation cancellation)
            throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while ((link == null || !link.isOpen()) && !cancellation.isCancelled()) {
            long left = Math.min(200, (deadline - System.nanoTime()) / 1_000_000);
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
        return cancellation.isCancelled() ? Optional.empty() : Optional.ofNullable(link);
    }

    private void dropUnwanted() {
        for (HeldTask task : new ArrayList<>(held.values())) {
            if (!task.isWanted() && !task.isFinished()) {
                drop(task, "other work is asked for");
            }
        }
    }

    private void drop(HeldTask task, String reason) {
        LOG.log(
                System.Logger.Level.INFO,
                "task dropped task={0} reason={1}",
                task.task().getTaskId(),
                reason);
        held.remove(task.task().getTaskId());
        task.cancellation().cancel(reason);
        forgetUnlessRunning(task);
    }

    private void forgetUnlessRunning(HeldTask task) {
        if (current != task) {
            forget(task.folder());
        }
    }

    private static void forget(Path folder) {
        try {
            PrivateFiles.deleteAll(folder);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot remove {0}: {1}", folder, e.toString());
        }
    }

    private synchronized void send(FromAgent message) {
        if (link != null) {
            link.send(message);
        }
    }

    private void accept(Task task) {
        send(FromAgent.newBuilder()
                .setAccepted(TaskAccepted.newBuilder().setTaskId(task.getTaskId()))
                .build());
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
