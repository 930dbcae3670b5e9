package io.foedus.web.bodies;

import io.foedus.controller.refusals.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How many bytes of bodies may be in memory at once, and half of that for one address. A body's bytes count from when
 * they are read until its call has ended, for as long its objects may live. Thread-safe.
 */
final class TextBudget {
    private static final Duration COME_BACK = Duration.ofSeconds(2);

    private final long most;
    private final Map<String, Long> ofOne = new HashMap<>();
    private long taken;

    TextBudget(long most) {
        this.most = most;
    }

    /** The bytes of one body; nothing is taken yet. */
    Held held(String who) {
        return new Held(who);
    }

    private synchronized boolean take(String who, int bytes) {
        if (taken + bytes > most || ofOne.getOrDefault(who, 0L) + bytes > most / 2) {
            return false;
        }
        count(who, bytes);
        return true;
    }

    private synchronized void count(String who, long bytes) {
        taken += bytes;
        ofOne.merge(who, bytes, (before, more) -> before + more == 0 ? null : before + more);
    }

    /** What one body has taken; used by one thread. */
    final class Held implements AutoCloseable {
        private final String who;
        private long bytes;

        private Held(String who) {
            this.who = who;
        }

        /** @throws Refusal {@code TOO_MUCH_AT_ONCE} if there is no room for so many more */
        void add(int more) {
            if (!take(who, more)) {
                throw Refusal.unavailable(
                        "TOO_MUCH_AT_ONCE",
                        "Too many bytes of bodies are in the controller's memory now.",
                        "Send it again shortly.",
                        COME_BACK);
            }
            bytes += more;
        }

        /** Gives all of it back. */
        @Override
        public void close() {
            if (bytes > 0) {
                count(who, -bytes);
                bytes = 0;
            }
        }
    }
}
