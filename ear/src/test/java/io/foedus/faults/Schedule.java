package io.foedus.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.faults.Strike.Action;
import io.foedus.federation.Member;
import io.foedus.federation.SessionRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.opentest4j.TestAbortedException;

/**
 * A session and what befalls it, all by a seed: who takes part under which plan, at which step the first fault strikes,
 * which faults follow it, and how long each lasts. Whatever happens, once everything is mended the session must finish,
 * or have failed after as many attempts as its plan allows, in which case another one must finish from its last model;
 * and nothing they leave behind may contradict itself.
 *
 * @param warm whether a round is behind the session when faults begin
 * @param aim the number of the combiner that steps are looked for at
 * @param lasting how long each agent trains
 */
record Schedule(
        long seed,
        int combiners,
        Duration lease,
        ObjectNode plan,
        boolean warm,
        Step step,
        int aim,
        List<Duration> lasting,
        List<Strike> strikes) {
    /** A fold is over in milliseconds unless models are big, and news is held on the way by other cases. */
    private static final Set<Step> STEPS = EnumSet.complementOf(EnumSet.of(Step.FOLD, Step.NOTICE));

    private static final Set<String> GO_ON = Set.of("CREATED", "RUNNING");
    private static final int ROUNDS = 2;
    private static final int RETRIES = 5;

    /** How long a session may take when everybody is there again. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** How much longer than the plan says a controller waits for combiners. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    static Schedule draw(long seed) {
        Random random = new Random(new SplittableRandom(seed).nextLong());
        int combiners = 1 + random.nextInt(2);
        int agents = 2 + random.nextInt(Stage.MOST_AGENTS - 1);
        Duration lease = random.nextInt(4) > 0 ? Stage.SHORT_LEASE : Stage.SHORT_LEASE.multipliedBy(2);
        int deadline = oneOf(List.of(5, 8, 12, 20), random);
        List<Duration> lasting = IntStream.range(0, agents)
                .mapToObj(i -> training(Duration.ofSeconds(deadline), random))
                .toList();
        int quick = (int) lasting.stream()
                .filter(time -> time.compareTo(Duration.ofSeconds(deadline).dividedBy(2)) < 0)
                .count();
        ObjectNode plan = Json.object()
                .put("rounds", ROUNDS)
                .put("minClients", 1 + random.nextInt(Math.max(1, quick)))
                .put("deadlineSeconds", deadline)
                .put("minWaitSeconds", random.nextBoolean() ? deadline : deadline / 2)
                .put("retries", random.nextInt(4))
                .put("validateEvery", random.nextInt(2))
                .put("keepUpdates", random.nextInt(3) > 0)
                .put("aggregator", oneOf(List.of("mean", "median", "trimmed-mean:0.34"), random));
        boolean warm = random.nextBoolean();
        Step step = oneOf(List.copyOf(STEPS), random);
        if (step == Step.VALIDATE) {
            plan.put("validateEvery", 1);
        }
        int aim = random.nextInt(combiners);
        Duration longest = Duration.ofSeconds(deadline).plus(GRACE);
        List<Strike> strikes = new ArrayList<>();
        for (int i = 1 + random.nextInt(6) / 3 + random.nextInt(6) / 5; i > 0; i--) {
            Duration after = strikes.isEmpty() ? Duration.ZERO : time(Duration.ZERO, Duration.ofSeconds(6), random);
            strikes.add(strike(after, combiners, agents, lease, longest, random));
        }
        strikes.sort(Comparator.comparing(Strike::after));
        return new Schedule(seed, combiners, lease, plan, warm, step, aim, lasting, List.copyOf(strikes));
    }

    private static Duration training(Duration deadline, Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> time(Duration.ZERO, deadline.multipliedBy(5).dividedBy(4), random);
            case 1, 2 -> time(Duration.ZERO, Duration.ofSeconds(2), random);
            default -> Duration.ZERO;
        };
    }

    private static Strike strike(
            Duration after, int combiners, int agents, Duration lease, Duration longest, Random random) {
        String combiner = "combiner-" + (1 + random.nextInt(combiners));
        Duration lasting = switch (random.nextInt(6)) {
            case 0 -> time(lease, lease.multipliedBy(2), random);
            case 1, 2 -> time(longest, longest.plusSeconds(4), random);
            case 3 -> time(longest.plus(lease), longest.plus(lease).plusSeconds(4), random);
            default -> time(Duration.ZERO, Duration.ofSeconds(3), random);
        };
        Action kill = random.nextBoolean() ? Action.KILL : Action.STOP;
        Action cut = random.nextInt(3) > 0 ? Action.CUT : Action.DELAY;
        return switch (random.nextInt(11)) {
            case 0, 1 -> new Strike(after, kill, Stage.CONTROLLER, lasting);
            case 2, 3, 4 -> new Strike(after, kill, combiner, lasting);
            case 5 -> new Strike(after, kill, Stage.agent(1 + random.nextInt(agents)), lasting);
            case 6 -> new Strike(after, kill, Network.DATABASE, lasting);
            case 7 -> new Strike(after, Action.QUIT, Network.DATABASE, lasting);
            case 8 -> new Strike(after, cut, Network.name(Network.AGENTS, combiner), lasting);
            case 9 -> new Strike(after, cut, Network.name(combiner, Stage.CONTROLLER), lasting);
            default -> new Strike(after, cut, Network.name(Stage.CONTROLLER, Network.DATABASE), lasting);
        };
    }

    private static Duration time(Duration from, Duration to, Random random) {
        return from.plusMillis((long) (random.nextDouble() * to.minus(from).toMillis()));
    }

    private static <T> T oneOf(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    /** Plays it on a stage with short leases, which is whole afterwards if nothing was found. */
    void play(Stage stage) {
        stage.cast(lasting.size(), combiners, lease);
        stage.aimAt(stage.federation().combiners().get(aim));
        Random random = new Random(seed);
        String seedModel = stage.newModels(random, step.modelSize(), ROUNDS);
        SessionRun session = stage.newSession(seedModel, warm ? plan.deepCopy().put("rounds", 1) : plan);
        try {
            if (warm) {
                session.call("start");
                if (!isFinished(session)) {
                    throw new TestAbortedException("the round before the faults failed by its plan");
                }
            }
            for (int i = 0; i < lasting.size(); i++) {
                stage.sites().get(i).lasting(lasting.get(i));
            }
            Moment moment = step.prepare(stage, random);
            if (warm) {
                stage.extend(session, ROUNDS - 1);
            } else {
                session.call("start");
            }
            befall(stage, moment);
            requireAlive(stage);
            stage.heal();
            boolean finished = isFinished(session);
            Checker.check(stage.alliance(), session, new Receipts());
            if (!finished) {
                goOn(stage, session.json().path("model").asText());
            }
        } catch (TestAbortedException e) {
            throw e;
        } catch (AssertionError | RuntimeException e) {
            Evidence.keep(stage, session.id(), this + "\n" + e, "seed-" + seed);
            throw e;
        }
    }

    /** What befell the session has used up its attempts; from its last model, another one must finish. */
    private void goOn(Stage stage, String model) {
        SessionRun session =
                stage.newSession(model, plan.deepCopy().put("rounds", 1).put("retries", RETRIES));
        session.call("start");
        if (!isFinished(session)) {
            throw new AssertionError("with everybody there a session failed\n" + session.describe());
        }
        Checker.check(stage.alliance(), session, new Receipts());
    }

    /**
     * Everything that happens, in the order of time; a step that does not come is waited for no longer than a round.
     */
    private void befall(Stage stage, Moment moment) {
        if (!moment.await(
                Duration.ofSeconds(plan.path("deadlineSeconds").asLong()).plus(GRACE))) {
            System.out.println("    it did not come to the step: " + moment);
        }
        long begin = System.nanoTime();
        List<Event> events = new ArrayList<>();
        for (Strike strike : strikes) {
            events.add(new Event(strike.after(), () -> strike.strike(stage)));
            events.add(new Event(strike.end(), () -> strike.mend(stage)));
        }
        events.add(new Event(Duration.ZERO, moment::release));
        events.sort(Comparator.comparing(Event::at));
        for (Event event : events) {
            for (long left = left(begin, event); left > 0; left = left(begin, event)) {
                LockSupport.parkNanos(left);
            }
            event.what().run();
        }
    }

    private static long left(long begin, Event event) {
        return begin + event.at().toNanos() - System.nanoTime();
    }

    private record Event(Duration at, Runnable what) {}

    /** What was killed was started again; whoever is away now has ended by itself. */
    private static void requireAlive(Stage stage) {
        String gone = stage.everybody()
                .filter(member -> !member.isAlive())
                .map(Member::name)
                .collect(Collectors.joining(", "));
        if (!gone.isEmpty()) {
            throw new AssertionError("ended by itself: " + gone);
        }
    }

    /** Waits until the session has finished, or has failed after as many attempts as its plan allows. */
    private static boolean isFinished(SessionRun session) {
        JsonNode end = session.awaitThat(
                PATIENCE,
                "has come to an end",
                seen -> !GO_ON.contains(seen.path("state").asText()));
        if (end.path("state").asText().equals("FINISHED")) {
            return true;
        }
        List<JsonNode> rounds = session.rounds();
        int attempts = rounds.get(rounds.size() - 1).path("attempt").asInt();
        if (!end.path("state").asText().equals("FAILED")
                || attempts != 1 + end.path("plan").path("retries").asInt()) {
            throw new AssertionError("it ended as its plan does not say\n" + session.describe());
        }
        System.out.println("    it failed by its plan: " + end.path("reason").asText());
        return false;
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + combiners + (combiners == 1 ? " combiner" : " combiners") + ", lease "
                + lease.toSeconds() + " s, training "
                + lasting.stream()
                        .map(time -> String.format(Locale.ROOT, "%.1f", time.toMillis() / 1000.0))
                        .collect(Collectors.joining("/", "", " s"))
                + ", " + Json.line(plan).replace("\"", "") + "; "
                + (warm ? "in round 2 at " : "at ")
                + step.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + " of combiner-" + (aim + 1) + ": "
                + strikes.stream().map(Strike::toString).collect(Collectors.joining(", "));
    }
}
