package io.foedus.combiner.spool.control;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * How many may do something at once. The others wait their turn, in the order they came and without a thread. Safe for
 * many threads.
 */
public final class Slots {
    private final Queue<Slot> waiting = new ArrayDeque<>();
    private int free;

    public Slots(int most) {
        this.free = most;
    }

    /**
     * Takes a slot.
     *
     * @param begin run as soon as there is room: at once, or by the thread of whoever leaves
     */
    public Slot enter(Runnable begin) {
        Slot slot = new Slot(begin);
        synchronized (waiting) {
            if (free == 0) {
                waiting.add(slot);
                return slot;
            }
            free--;
            slot.in = true;
        }
        begin.run();
        return slot;
    }

    /** One place, taken or waited for. */
    public final class Slot {
        private final Runnable begin;
        private boolean in;
        private boolean left;

        private Slot(Runnable begin) {
            this.begin = begin;
        }

        /** Makes room for the next one. May be repeated. */
        public void leave() {
            Slot next;
            synchronized (waiting) {
                if (left) {
                    return;
                }
                left = true;
                if (!in) {
                    waiting.remove(this);
                    return;
                }
                next = waiting.poll();
                if (next == null) {
                    free++;
                    return;
                }
                next.in = true;
            }
            next.begin.run();
        }
    }
}
