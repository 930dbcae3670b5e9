package io.foedus.faults;

import io.foedus.faults.Wire.Way;
import io.foedus.federation.Member;
import io.foedus.federation.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

/** The steps of a round at which faults strike, and how each is hit. */
enum Step {
    /** The transaction that opens the round is open. */
    PLAN(Gates.Gate.PLAN),
    /** The transaction that offers shares to combiners is open. */
    OFFER(Gates.Gate.OFFER),
    /** The transaction that books the combiner's claims is open; the combiner waits for the answer. */
    CLAIM(Gates.Gate.CLAIM),
    /** Half of the model has come to one agent. */
    DOWNLOAD {
        @Override
        Moment prepare(Stage stage, Random random) {
            return halfOfAModel(stage, Way.DOWN);
        }
    },
    /** One agent is training. */
    TRAIN {
        @Override
        Moment prepare(Stage stage, Random random) {
            return new Training(anyOf(stage.sites(), random));
        }
    },
    /** Half of one agent's update has come to the combiner. */
    UPLOAD {
        @Override
        Moment prepare(Stage stage, Random random) {
            return halfOfAModel(stage, Way.UP);
        }
    },
    /** An update is accepted and durable, its sender does not know yet. */
    BEFORE_RECEIPT {
        @Override
        Moment prepare(Stage stage, Random random) {
            return at(
                    stage.agentsToCombiner(),
                    Way.DOWN,
                    "ACCEPTED",
                    0,
                    line -> stage.speaker(line).agent());
        }
    },
    /** One agent knows that its update is accepted; the others are still training. */
    AFTER_RECEIPT {
        @Override
        Moment prepare(Stage stage, Random random) {
            return new Receipted(stage, anyOf(stage.sites(), random));
        }
    },
    /** The combiner writes its partial. */
    FOLD {
        @Override
        int modelSize() {
            return 16 * Stage.VALUES;
        }

        @Override
        Moment prepare(Stage stage, Random random) {
            return new Folding(stage);
        }
    },
    /** Half of the partial has come to the controller. */
    PARTIAL {
        @Override
        Moment prepare(Stage stage, Random random) {
            return at(stage.combinerToController(), Way.UP, "PUT /api/blobs/", Stage.VALUES * 4L / 2, line -> null);
        }
    },
    /** The combiner tells the controller that it has accepted an update; the message is held. */
    NOTICE {
        @Override
        Moment prepare(Stage stage, Random random) {
            return at(stage.combinerToController(), Way.UP, "/updates HTTP/1.1", 0, line -> null);
        }
    },
    /** The transaction that makes the share's inputs final is open; the combiner waits for the answer. */
    REPORT(Gates.Gate.REPORT),
    /** The transaction that claims the round for reducing is open. */
    REDUCE(Gates.Gate.REDUCE),
    /** The model is merged and stored; the transaction that makes it the session's model is open. */
    COMMIT(Gates.Gate.COMMIT),
    /** The transaction that keeps what a client measured is open. */
    VALIDATE(Gates.Gate.VALIDATE);

    private final Optional<Gates.Gate> gate;

    Step() {
        gate = Optional.empty();
    }

    Step(Gates.Gate gate) {
        this.gate = Optional.of(gate);
    }

    /** Values of the models of a session in which this step is to be hit. */
    int modelSize() {
        return Stage.VALUES;
    }

    /** Makes the next round that comes to this step stop there. */
    Moment prepare(Stage stage, Random random) {
        return new AtGate(stage.gates(), gate.orElseThrow());
    }

    private static Site anyOf(List<Site> sites, Random random) {
        return sites.get(random.nextInt(sites.size()));
    }

    /** Half of a float32 model has passed one agent's line. */
    private static Moment halfOfAModel(Stage stage, Way way) {
        return at(
                stage.agentsToCombiner(),
                way,
                "",
                Stage.VALUES * 4L / 2,
                line -> stage.speaker(line).agent());
    }

    private static Moment at(
            Wire wire,
            Way way,
            String text,
            long after,
            Function<Wire.Line, @org.jspecify.annotations.Nullable Member> who) {
        Wire.Stop stop = wire.stopAt(way, text, after);
        return new Moment() {
            @Override
            public boolean hasCome() {
                return stop.isHit();
            }

            @Override
            public Optional<Member> stopped() {
                return Optional.ofNullable(stop.line()).map(who);
            }

            @Override
            public void release() {
                stop.release();
            }

            @Override
            public String toString() {
                return stop.toString();
            }
        };
    }

    private record AtGate(Gates gates, Gates.Gate gate) implements Moment {
        AtGate {
            gates.shut(gate);
        }

        @Override
        public boolean hasCome() {
            return gates.hasArrival(gate);
        }

        @Override
        public void release() {
            gates.open();
        }

        @Override
        public String toString() {
            return "somebody before the gate " + gate;
        }
    }

    private record Training(Site site, long before) implements Moment {
        Training(Site site) {
            this(site.hold(), trainings(site));
        }

        @Override
        public boolean hasCome() {
            return trainings(site) > before;
        }

        @Override
        public Optional<Member> stopped() {
            return Optional.of(site.agent());
        }

        @Override
        public void release() {
            site.release();
        }

        @Override
        public String toString() {
            return site.name() + " trains";
        }

        static long trainings(Site site) {
            return site.calls().stream()
                    .filter(call -> call.startsWith("train"))
                    .count();
        }
    }

    private record Receipted(Stage stage, Site site, long before) implements Moment {
        private static final String TOLD = "fate=ACCEPTED";

        Receipted(Stage stage, Site site) {
            this(stage, site, told(site));
            stage.sites().stream().filter(other -> other != site).forEach(Site::hold);
        }

        @Override
        public boolean hasCome() {
            return told(site) > before;
        }

        @Override
        public Optional<Member> stopped() {
            return Optional.of(site.agent());
        }

        @Override
        public void release() {
            stage.sites().forEach(Site::release);
        }

        @Override
        public String toString() {
            return site.name() + " hears that its update counts";
        }

        private static long told(Site site) {
            return site.agent()
                    .logText()
                    .lines()
                    .filter(line -> line.contains(TOLD))
                    .count();
        }
    }

    /** The combiner's partial is begun and not finished. It lasts milliseconds, so the combiner is paused in it. */
    private record Folding(Stage stage) implements Moment {
        @Override
        public boolean hasCome() {
            if (file(".partial.part").isEmpty()) {
                return false;
            }
            stage.combiner().signal("STOP");
            if (file("partial").isPresent()) {
                stage.combiner().signal("CONT");
                throw new AssertionError("the fold was over before the combiner could be paused");
            }
            return true;
        }

        @Override
        public void release() {
            if (stage.combiner().isAlive()) {
                stage.combiner().signal("CONT");
            }
        }

        @Override
        public String toString() {
            return "the combiner folds";
        }

        private Optional<Path> file(String name) {
            Path shares = stage.spool().resolve("shares");
            try (Stream<Path> open = Files.list(shares)) {
                return open.map(share -> share.resolve(name))
                        .filter(Files::exists)
                        .findFirst();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
