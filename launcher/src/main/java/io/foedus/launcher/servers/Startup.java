package io.foedus.launcher.servers;

import java.time.Duration;

/**
 * What has been seen of a server that starts, and since when nothing new: how long a start takes depends on the
 * machine, but one that comes on at all shows it. Until the program answers, each line of its log is a step; afterwards
 * only its answers are, because a program that waits in vain may log for ever.
 */
final class Startup {
    /** How far a start has come, in the order of steps. */
    enum Phase {
        /** Nothing listens. */
        SILENT,
        /** The container listens, the program is not deployed. */
        LISTENING,
        /** The program answers that it is not ready. */
        ANSWERING,
        /** The program is ready. */
        READY
    }

    private final Duration patience;
    private Phase phase = Phase.SILENT;
    private long logged;
    private Duration advanced = Duration.ZERO;

    /** @param patience longest time without any step */
    Startup(Duration patience) {
        this.patience = patience;
    }

    /**
     * Takes what is seen now.
     *
     * @param logged bytes in the program's log
     * @param now time since the start
     */
    void sees(Phase seen, long logged, Duration now) {
        boolean wrote = logged > this.logged && seen.compareTo(Phase.ANSWERING) < 0;
        if (wrote || seen.compareTo(phase) > 0) {
            advanced = now;
        }
        this.logged = Math.max(logged, this.logged);
        phase = seen.compareTo(phase) > 0 ? seen : phase;
    }

    boolean isReady() {
        return phase == Phase.READY;
    }

    /** Whether there has been no step for longer than one waits for one. */
    boolean standsStill(Duration now) {
        return !isReady() && now.minus(advanced).compareTo(patience) > 0;
    }
}
