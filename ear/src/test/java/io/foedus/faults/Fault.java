package io.foedus.faults;

import static io.foedus.faults.Step.*;

import io.foedus.federation.Member;
import io.foedus.federation.Site;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.opentest4j.TestAbortedException;

/** What goes wrong at a step, and how it is mended. */
enum Fault {
    /** {@code kill -9} of the controller, started again at once. */
    KILL_CONTROLLER(EnumSet.complementOf(EnumSet.of(NOTICE))) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            return kill(stage.federation().controller());
        }
    },
    /** {@code kill -9} of the combiner, started again at once. */
    KILL_COMBINER(EnumSet.complementOf(EnumSet.of(NOTICE))) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            return kill(stage.combiner());
        }
    },
    /** {@code kill -9} of the agent that was stopped, or of any, started again at once. */
    KILL_AGENT(EnumSet.complementOf(EnumSet.of(NOTICE))) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            List<Site> sites = stage.sites();
            return kill(moment.stopped()
                    .orElseGet(() -> sites.get(random.nextInt(sites.size())).agent()));
        }
    },
    /** {@code kill -9} of PostgreSQL with all its processes, started again at once. */
    KILL_DATABASE(EnumSet.complementOf(EnumSet.of(NOTICE))) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            return kill(stage.federation().database());
        }
    },
    /** No line between agents and combiner until agents have tried in vain. */
    CUT_AGENTS_COMBINER(EnumSet.of(DOWNLOAD, TRAIN, UPLOAD, BEFORE_RECEIPT, AFTER_RECEIPT)) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            return cut(stage.agentsToCombiner());
        }
    },
    /** No line between combiner and controller until the combiner has tried in vain; answers on their way are lost. */
    CUT_COMBINER_CONTROLLER(EnumSet.of(OFFER, CLAIM, AFTER_RECEIPT, PARTIAL, REPORT, VALIDATE)) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            return cut(stage.combinerToController());
        }
    },
    /** No line between controller and database until the controller has tried in vain. */
    CUT_CONTROLLER_DATABASE(EnumSet.of(PLAN, CLAIM, TRAIN, REPORT, REDUCE, COMMIT, VALIDATE)) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            return cut(stage.controllerToDatabase());
        }
    },
    /** Agents lose the combiner's line for a moment and cannot reach the controller to ask for another one. */
    CUT_AGENTS_CONTROLLER(EnumSet.of(TRAIN, UPLOAD)) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            Runnable mend = cut(stage.agentsToController());
            stage.agentsToCombiner().reset();
            return mend;
        }
    },
    /** Every piece of up to 16 KiB takes 30 ms more, on every line, to the end of the session. */
    DELAY_EVERYTHING(EnumSet.of(PLAN)) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            stage.network().all().forEach(wire -> wire.delay(Duration.ofMillis(30)));
            return () -> {};
        }
    },
    /** All lines stand still for some seconds without breaking, then everything arrives late. */
    STALL_EVERYTHING(EnumSet.of(TRAIN, UPLOAD, COMMIT)) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            stage.network().all().forEach(wire -> wire.delay(A_WHILE));
            return () -> {
                LockSupport.parkNanos(A_WHILE.toNanos());
                stage.network().all().forEach(wire -> wire.delay(Duration.ZERO));
            };
        }
    },
    /** The combiner's request comes to the controller three times, on three connections, at once. */
    REPEAT_REQUEST(EnumSet.of(CLAIM, REPORT, VALIDATE)) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            byte[] request = stage.combinerToController().unanswered("HTTP/1.1\r\n");
            List<CompletableFuture<String>> answers = IntStream.range(0, 2)
                    .mapToObj(i -> stage.combinerToController().send(request))
                    .toList();
            return () -> answers.forEach(answer -> requireSuccess(answer.join()));
        }
    },
    /** News of an accepted update overtaken by the share's report. */
    REORDER(EnumSet.of(NOTICE)) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            stage.awaitReport();
            return () -> {};
        }
    },
    /** No byte is left on the disk of the combiner's spool, until an agent has been refused. */
    FILL_SPOOL(EnumSet.of(CLAIM, TRAIN, UPLOAD, BEFORE_RECEIPT, AFTER_RECEIPT)) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            SmallDisk disk = stage.disk().orElseThrow(() -> new TestAbortedException("only root can fill a disk"));
            disk.fill();
            return () -> {
                LockSupport.parkNanos(A_WHILE.toNanos());
                disk.free();
            };
        }
    },
    /**
     * The wall clock of the controller is two hours ahead or behind from now on, and jumps back when the session is
     * over.
     */
    CLOCK_OF_CONTROLLER(EnumSet.of(CLAIM, TRAIN, COMMIT)) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            return jump(stage, Stage.CONTROLLER_CLOCK, random);
        }
    },
    /** The same of the combiner. */
    CLOCK_OF_COMBINER(EnumSet.of(TRAIN, AFTER_RECEIPT)) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            return jump(stage, Stage.COMBINER, random);
        }
    },
    /** The same of all agents. */
    CLOCK_OF_AGENTS(EnumSet.of(TRAIN, UPLOAD)) {
        @Override
        Runnable strike(Stage stage, Moment moment, Random random) {
            return jump(stage, Stage.AGENTS_CLOCK, random);
        }
    };

    private static final Duration A_WHILE = Duration.ofSeconds(3);
    private static final Duration JUMP = Duration.ofHours(2);
    private static final int IN_VAIN = 3;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable view
    private final Set<Step> steps;

    Fault(Set<Step> steps) {
        this.steps = Collections.unmodifiableSet(steps);
    }

    /** Where it strikes. */
    Set<Step> steps() {
        return steps;
    }

    /** Does it; the round stands at the moment. What is returned mends it, after the round was let go. */
    abstract Runnable strike(Stage stage, Moment moment, Random random);

    private static Runnable kill(Member member) {
        member.kill9();
        if (member.isAlive()) {
            throw new AssertionError(member.name() + " is alive after kill -9");
        }
        return () -> member.start().awaitReady();
    }

    private static Runnable jump(Stage stage, String clock, Random random) {
        Clocks clocks = stage.clocks().orElseThrow(() -> new TestAbortedException("no C compiler to turn clocks with"));
        clocks.jump(clock, random.nextBoolean() ? JUMP : JUMP.negated());
        return () -> {};
    }

    private static void requireSuccess(String answer) {
        if (!answer.startsWith("HTTP/1.1 2")) {
            throw new AssertionError("a repeated request was refused: " + answer);
        }
    }

    private static Runnable cut(Wire wire) {
        wire.cut();
        return () -> {
            wire.awaitRefused(IN_VAIN);
            wire.mend();
        };
    }
}
