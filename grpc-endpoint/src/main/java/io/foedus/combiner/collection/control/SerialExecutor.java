package io.foedus.combiner.collection.control;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs what it is given one after the other, in order, on threads of another executor; holds none while idle. */
final class SerialExecutor implements Executor {
    private static final Logger LOG = System.getLogger(SerialExecutor.class.getName());
    private static final int TURN = 64;

    private final Executor threads;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    SerialExecutor(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable step) {
        synchronized (waiting) {
            waiting.add(step);
            if (running) {
                return;
            }
            running = true;
        }
        begin();
    }

    private void begin() {
        try {
            threads.execute(this::turn);
        } catch (RuntimeException | Error e) { // what waits is run with the next step
            synchronized (waiting) {
                running = false;
            }
            throw e;
        }
    }

    private void turn() {
        for (int i = 0; i < TURN; i++) {
            Runnable step = next();
            if (step == null) {
                return;
            }
            try {
                step.run();
            } catch (Throwable e) { // an Error too: or no step would ever run again
                LOG.log(Level.ERROR, "A step of a collection failed", e);
            }
        }
        begin(); // let others have the thread
    }

    private @Nullable Runnable next() {
        synchronized (waiting) {
            Runnable step = waiting.poll();
            if (step == null) {
                running = false;
            }
            return step;
        }
    }
}
