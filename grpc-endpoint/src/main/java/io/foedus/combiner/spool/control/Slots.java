package io.foedus.combiner.spool.control;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;

/**
 * How many may do something at once, and how many of them for one client. The others wait their turn, in the order they
 * came and without a thread; a client that has too many waiting is refused. Safe for many threads.
 */
public final class Slots {
    private final Queue<Slot> waiting = new ArrayDeque<>();
    private final Map<UUID, Integer> inside = new HashMap<>();
    private final Map<UUID, Integer> asking = new HashMap<>();
    private final int mostInside;
    private final int mostAsking;
    private int free;

    /**
     * Empty slots.
     *
     * @param most how many there are
     * @param mostInside how many of them one client may have
     * @param mostAsking how many places one client may have or wait for
     */
    public Slots(int most, int mostInside, int mostAsking) {
        this.free = most;
        this.mostInside = mostInside;
        this.mostAsking = mostAsking;
    }

    /**
     * Takes a slot.
     *
     * @param begin run as soon as there is room: at once, or by the thread of whoever leaves
     * @return empty if the client has or waits for too many already
     */
    public Optional<Slot> enter(UUID client, Runnable begin) {
        Slot slot = new Slot(client, begin);
        synchronized (waiting) {
            if (asking.getOrDefault(client, 0) >= mostAsking) {
                return Optional.empty();
            }
            asking.merge(client, 1, Integer::sum);
            if (free == 0 || !mayEnter(client)) {
                waiting.add(slot);
                return Optional.of(slot);
            }
            admit(slot);
        }
        begin.run();
        return Optional.of(slot);
    }

    /** How many wait. */
    public int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    private boolean mayEnter(UUID client) {
        return inside.getOrDefault(client, 0) < mostInside;
    }

    private void admit(Slot slot) {
        free--;
        inside.merge(slot.client, 1, Integer::sum);
        slot.in = true;
    }

    /** The first that waits and may enter. */
    private Optional<Slot> next() {
        Iterator<Slot> inOrder = waiting.iterator();
        while (free > 0 && inOrder.hasNext()) {
            Slot slot = inOrder.next();
            if (mayEnter(slot.client)) {
                inOrder.remove();
                admit(slot);
                return Optional.of(slot);
            }
        }
        return Optional.empty();
    }

    private static void less(Map<UUID, Integer> count, UUID client) {
        count.computeIfPresent(client, (same, many) -> many > 1 ? many - 1 : null);
    }

    /** One place, taken or waited for. */
    public final class Slot {
        private final UUID client;
        private final Runnable begin;
        private boolean in;
        private boolean left;

        private Slot(UUID client, Runnable begin) {
            this.client = client;
            this.begin = begin;
        }

        /** Makes room for the next one. May be repeated. */
        public void leave() {
            Optional<Slot> next;
            synchronized (waiting) {
                if (left) {
                    return;
                }
                left = true;
                less(asking, client);
                if (!in) {
                    waiting.remove(this);
                    return;
                }
                free++;
                less(inside, client);
                next = next();
            }
            next.ifPresent(slot -> slot.begin.run());
        }
    }
}
