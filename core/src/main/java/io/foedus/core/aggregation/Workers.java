package io.foedus.core.aggregation;

import io.foedus.core.models.ModelLayout;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks in the given order of start on a few threads, the caller's among them. The first failure stops the rest
 * and is thrown to the caller after all threads have ended.
 */
final class Workers {
    private final int threads;

    Workers(int threads) {
        this.threads = threads;
    }

    /** As many workers as threads are wanted, fewer for a model too small to share. */
    static Workers forModel(ModelLayout layout, int threads) {
        return new Workers((int) Math.min(threads, 1 + layout.elements() / 8192));
    }

    /** A task; each working thread brings its own workspace. */
    interface Task<W> {
        void run(W workspace) throws IOException;
    }

    /** Where tasks come from, so that there need be no list of millions. */
    @FunctionalInterface
    interface Tasks<W> {
        /** The next task, or null if there is none; asked by one thread at a time. */
        @Nullable Task<W> next();
    }

    <W extends Closeable> void run(Tasks<W> tasks, Supplier<W> workspaces) throws IOException {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Runnable work = () -> {
            try (W workspace = workspaces.get()) {
                work(tasks, workspace, failure);
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        };
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            Thread helper = new Thread(work, "foedus-fold-" + i);
            helper.setDaemon(true);
            helper.start();
            helpers.add(helper);
        }
        work.run();
        join(helpers);
        rethrow(failure.get());
    }

    /**
     * What fails is noted before the workspace is closed: whoever waits for it fails by that, and must not be named.
     */
    private static <W> void work(Tasks<W> tasks, W workspace, AtomicReference<@Nullable Throwable> failure) {
        try {
            // a task that was taken is always run: later ones may be waiting for it
            for (Task<W> task = next(tasks, failure); task != null; task = next(tasks, failure)) {
                task.run(workspace);
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        }
    }

    private static <W> @Nullable Task<W> next(Tasks<W> tasks, AtomicReference<@Nullable Throwable> failure) {
        synchronized (tasks) {
            return failure.get() == null ? tasks.next() : null;
        }
    }

    private static void join(List<Thread> helpers) {
        boolean interrupted = false;
        for (Thread helper : helpers) {
            while (helper.isAlive()) {
                try {
                    helper.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(@Nullable Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof UncheckedIOException e) {
            throw new IOException(e.getCause());
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }
}
