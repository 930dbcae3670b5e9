package io.foedus.faults;

import io.foedus.federation.Member;
import java.time.Duration;
import java.util.Locale;

/**
 * A fault of a random schedule: what is done to whom, when, and for how long.
 *
 * @param after since the first strike
 * @param victim a program's name, or a wire's
 * @param lasting how long until it is mended
 */
record Strike(Duration after, Action action, String victim, Duration lasting) {
    /** What can be done to a program or to a wire. */
    enum Action {
        /** {@code kill -9}; mended by a start. */
        KILL {
            @Override
            void strike(Stage stage, String victim) {
                stage.member(victim).kill9();
            }

            @Override
            void mend(Stage stage, String victim) {
                start(stage.member(victim));
            }
        },
        /** PostgreSQL's immediate shutdown; mended by a start. */
        QUIT {
            @Override
            void strike(Stage stage, String victim) {
                Member database = stage.member(victim);
                if (database.isAlive()) {
                    database.signal("CONT"); // before: afterwards it may be gone
                    database.signal("QUIT");
                    database.onExit().join();
                }
            }

            @Override
            void mend(Stage stage, String victim) {
                start(stage.member(victim));
            }
        },
        /** SIGSTOP; mended by SIGCONT. */
        STOP {
            @Override
            void strike(Stage stage, String victim) {
                signal(stage.member(victim), "STOP");
            }

            @Override
            void mend(Stage stage, String victim) {
                signal(stage.member(victim), "CONT");
            }
        },
        /** Connections are reset, and new ones too. */
        CUT {
            @Override
            void strike(Stage stage, String victim) {
                stage.network().wire(victim).cut();
            }

            @Override
            void mend(Stage stage, String victim) {
                stage.network().wire(victim).mend();
            }
        },
        /** Every piece is late. */
        DELAY {
            @Override
            void strike(Stage stage, String victim) {
                stage.network().wire(victim).delay(LATE);
            }

            @Override
            void mend(Stage stage, String victim) {
                stage.network().wire(victim).delay(Duration.ZERO);
            }
        };

        private static final Duration LATE = Duration.ofMillis(200);

        abstract void strike(Stage stage, String victim);

        abstract void mend(Stage stage, String victim);

        private static void start(Member member) {
            if (!member.isAlive()) {
                member.start();
            }
        }

        private static void signal(Member member, String signal) {
            if (member.isAlive()) {
                member.signal(signal);
            }
        }
    }

    void strike(Stage stage) {
        action.strike(stage, victim);
    }

    void mend(Stage stage) {
        action.mend(stage, victim);
    }

    Duration end() {
        return after.plus(lasting);
    }

    @Override
    public String toString() {
        return action.name().toLowerCase(Locale.ROOT) + " " + victim
                + (after.isZero() ? "" : " " + Span.seconds(after) + " later") + " for " + Span.seconds(lasting);
    }
}
