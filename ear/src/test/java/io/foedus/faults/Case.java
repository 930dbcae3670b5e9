package io.foedus.faults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.federation.SessionRun;
import java.util.Random;

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
            Moment moment = step.prepare(stage, random);
            if (warm) {
                extend(stage, session);
            } else {
                session.call("start");
            }
            moment.await();
            Runnable mend = fault.strike(stage, moment, random);
            moment.release();
            mend.run();
            session.awaitFinish();
            Checker.check(stage.alliance(), session, new Receipts());
        } finally {
            stage.heal();
        }
    }

    /** A session that has a round behind it. */
    private static SessionRun warmedUp(Stage stage, String seedModel) {
        SessionRun session = stage.newSession(seedModel, 1);
        session.call("start");
        session.awaitFinish();
        return session;
    }

    private static void extend(Stage stage, SessionRun session) {
        ObjectNode more = Json.object().put("rounds", ROUNDS - 1);
        stage.federation().admin().post(session.path("/extensions"), more);
    }

    @Override
    public String toString() {
        return (fault + " at " + step).toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ", seed " + seed;
    }
}
