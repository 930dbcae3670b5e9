package io.foedus.combiner.collection.control;

import java.util.ArrayDeque;
import java.util.Queue;

/** How many may do something at once; the others wait in order, without a thread. Safe for many threads. */
public final class Turns {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int free;

    public Turns(int most) {
        this.free = most;
    }

    /** @param begin run at once or when somebody leaves; has to see to it that {@link #leave} is called once */
    void enter(Runnable begin) {
        synchronized (waiting) {
            if (free == 0) {
                waiting.add(begin);
                return;
            }
            free--;
        }
        begin.run();
    }

    void leave() {
        Runnable next;
        synchronized (waiting) {
            next = waiting.poll();
            if (next == null) {
                free++;
                return;
            }
        }
        next.run();
    }
}
