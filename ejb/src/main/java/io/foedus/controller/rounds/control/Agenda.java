package io.foedus.controller.rounds.control;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * What is to be looked at, each thing by one thread at a time: asking again while it is being looked at makes it be
 * looked at once more, so that no news is missed and a storm of news costs two looks. Thread-safe.
 */
public final class Agenda {
    private static final System.Logger LOG = System.getLogger(Agenda.class.getName());

    private enum Mark {
        RUNNING,
        AGAIN
    }

    private final Map<Object, Mark> marks = new ConcurrentHashMap<>();
    private final Executor executor;

    public Agenda(Executor executor) {
        this.executor = executor;
    }

    public void ask(Object subject, Runnable look) {
        Mark now = marks.merge(subject, Mark.RUNNING, (old, ignored) -> Mark.AGAIN);
        if (now == Mark.RUNNING) {
            try {
                executor.execute(() -> run(subject, look));
            } catch (RejectedExecutionException e) {
                marks.remove(subject);
                LOG.log(System.Logger.Level.DEBUG, "not looking at {0}: shutting down", subject);
            } catch (RuntimeException | Error e) { // such as no memory for a thread
                marks.remove(subject);
                throw e;
            }
        }
    }

    private void run(Object subject, Runnable look) {
        boolean again = true;
        while (again) {
            marks.put(subject, Mark.RUNNING);
            try {
                look.run();
            } catch (Throwable e) { // an Error too: or the subject would be marked as looked at for ever
                LOG.log(System.Logger.Level.WARNING, "looking at " + subject + " failed; the next tick tries again", e);
            }
            again = !marks.remove(subject, Mark.RUNNING);
        }
    }
}
