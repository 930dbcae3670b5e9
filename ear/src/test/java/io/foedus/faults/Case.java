package io.foedus.faults;

import io.foedus.federation.SessionRun;
import java.util.Random;
import org.opentest4j.TestAbortedException;

/**
 * One fault at one step of a round, in a session that must complete all the same.
 *
 * @param seed decides everything that is left to chance
 */
record Case(Step step, Fault fault, long seed) {
    private static final int ROUNDS = 2;

    /** Plays it on a stage that is whole, and leaves it whole. */
    void play(Stage stage) {
        Random random = new Random(seed);
        try {
            String seedModel = stage.newModels(random, step.modelSize(), ROUNDS);
            boolean warm = random.nextBoolean();
            SessionRun session = warm ? warmedUp(stage, seedModel) : stage.newSession(seedModel, ROUNDS);
            try {
                play(stage, session, warm, random);
            } catch (TestAbortedException e) {
                throw e;
            } catch (AssertionError | RuntimeException e) {
                Evidence.keep(stage, session.id(), this + "\n" + e, toString().replaceAll("[ ,]+", "-"));
                throw e;
            }
        } finally {
            stage.heal();
        }
    }

    private void play(Stage stage, SessionRun session, boolean warm, Random random) {
        Moment moment = step.prepare(stage, random);
        if (warm) {
            stage.extend(session, ROUNDS - 1);
        } else {
            session.call("start");
        }
        moment.await();
        Runnable mend = fault.strike(stage, moment, random);
        moment.release();
        mend.run();
        session.awaitFinish();
        Checker.check(stage.alliance(), session, new Receipts());
    }

    /** A session that has a round behind it. */
    private static SessionRun warmedUp(Stage stage, String seedModel) {
        SessionRun session = stage.newSession(seedModel, 1);
        session.call("start");
        session.awaitFinish();
        return session;
    }

    @Override
    public String toString() {
        return (fault + " at " + step).toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ", seed " + seed;
    }
}
