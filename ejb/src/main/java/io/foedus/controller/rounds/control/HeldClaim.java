package io.foedus.controller.rounds.control;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A reducer's claim, renewed by time for as long as the reducer lives, whatever it is busy with. A reducer hears at its
 * next step that the claim is another's. One that has not made a step for half an hour hangs: its claim is left to
 * others and its thread is interrupted. Held by the reducer's thread; its steps may come from any thread.
 */
public final class HeldClaim implements Runnable, AutoCloseable {
    /** No single step takes so long: the largest file is read, written or forced to disk in a fraction of it. */
    static final Duration HANGS = Duration.ofMinutes(30);

    private static final System.Logger LOG = System.getLogger(HeldClaim.class.getName());

    private final BooleanSupplier renewal;
    private final LongSupplier nanoTime;
    private final Thread reducer = Thread.currentThread();
    private ScheduledFuture<?> beats;
    private volatile long lastStep;
    private volatile boolean hung;
    private volatile boolean lost;
    private boolean closed;

    /** The claim is another's now: what is being made is not wanted any more. */
    public static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LostException() {
            super("the claim was taken over");
        }
    }

    HeldClaim(BooleanSupplier renewal, LongSupplier nanoTime) {
        this.renewal = renewal;
        this.nanoTime = nanoTime;
        this.lastStep = nanoTime.getAsLong();
    }

    /**
     * Holds a claim that the calling thread has.
     *
     * @param renewal says that the reducer lives; false if the claim is another's
     * @param every how often, less than half of the claim's life
     */
    public static HeldClaim hold(BooleanSupplier renewal, ScheduledExecutorService timer, Duration every) {
        HeldClaim claim = new HeldClaim(renewal, System::nanoTime);
        claim.beats = timer.scheduleWithFixedDelay(claim::beat, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
        return claim;
    }

    /** The reducer made a step. */
    @Override
    public void run() {
        lastStep = nanoTime.getAsLong();
        if (lost) {
            throw new LostException();
        }
    }

    /** Whether it was given up because the merge did not move. */
    public boolean isHung() {
        return hung;
    }

    public boolean isLost() {
        return lost;
    }

    void beat() {
        if (lost) {
            return;
        }
        if (nanoTime.getAsLong() - lastStep > HANGS.toNanos()) {
            LOG.log(System.Logger.Level.ERROR, "a merge has not moved for {0}; it is given up", HANGS);
            hung = true;
            lost = true;
            interrupt();
            return;
        }
        try {
            lost = !renewal.getAsBoolean();
        } catch (Throwable e) { // the database is away: whether the claim lives is seen when it is back
            LOG.log(System.Logger.Level.DEBUG, "a claim could not be renewed: {0}", e.toString());
        }
    }

    private synchronized void interrupt() {
        if (!closed) {
            reducer.interrupt();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (beats != null) {
            beats.cancel(false);
        }
        if (lost) {
            Thread.interrupted(); // the thread goes on with other work
        }
    }
}
