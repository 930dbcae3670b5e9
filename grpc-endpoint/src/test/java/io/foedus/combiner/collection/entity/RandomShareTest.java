package io.foedus.combiner.collection.entity;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.ShareAnswer;
import io.foedus.core.exchange.TaskKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Thousands of shares whose events come in any order, over a disk that fills up, with kills between any two effects.
 * Each has its own seed, which a failure names.
 */
class RandomShareTest {
    private static final int SHARES = 3_000;
    private static final int STEPS = 120;
    private static final int CLIENTS = 4;

    @ParameterizedTest
    @CsvSource({"TRAIN,false", "TRAIN,true", "VALIDATE,false"})
    void whatever_happens_in_whatever_order_a_share_keeps_its_word(TaskKind kind, boolean buffered) {
        int reported = 0;
        int kills = 0;
        for (int seed = 0; seed < SHARES; seed++) {
            Run run = new Run(seed, kind, buffered);
            try {
                run.play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " after " + run.story, e);
            }
            reported += run.reported ? 1 : 0;
            kills += run.kills;
        }
        assertThat(reported).isGreaterThan(SHARES / 2); // the others were cancelled
        assertThat(kills).isGreaterThan(SHARES);
    }

    /** One share from its order to its end. */
    private static final class Run {
        private final Random random;
        private final SimulatedShell shell;
        private final List<UUID> clients = new ArrayList<>();
        private final List<String> story = new ArrayList<>();
        private final Map<UUID, String> acknowledged = new HashMap<>();
        private final Map<Long, Map.Entry<UUID, String>> delivered = new HashMap<>();
        private final Set<Long> seen = new HashSet<>();
        private int looked;
        private int kills;
        private boolean reported;

        Run(int seed, TaskKind kind, boolean buffered) {
            this.random = new Random(seed);
            int least = 1 + random.nextInt(3);
            int target = random.nextBoolean() ? 0 : least + random.nextInt(2);
            this.shell = new SimulatedShell(SimulatedShell.order(kind, least, target, buffered), random.nextBoolean());
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new UUID(0, i + 1));
            }
        }

        void play() {
            step("open", shell::open);
            for (int i = 0; i < STEPS && shell.state.phase() != Phase.CANCELLED; i++) {
                if (random.nextInt(12) == 0) {
                    shell.killAfter = random.nextInt(6);
                }
                anything();
            }
            shell.killAfter = -1;
            shell.diskFull = false;
            if (shell.state.phase() == Phase.CANCELLED) {
                nothingMoreIsSaid();
            } else {
                itComesToAnEnd();
            }
        }

        private void step(String what, Runnable step) {
            story.add(what);
            try {
                step.run();
            } catch (SimulatedShell.Kill e) {
                kills++;
                story.add("KILLED");
                checkReplay();
                shell.restart();
            }
            check();
        }

        // ---- what may happen

        private void anything() {
            UUID client = clients.get(random.nextInt(CLIENTS));
            switch (random.nextInt(20)) {
                case 0, 1 -> step("attach " + client, () -> shell.attach(client, held(client)));
                case 2 -> step("detach " + client, () -> shell.detach(client, random.nextInt(4) == 0));
                case 3, 4, 5 -> deliver(client);
                case 6, 7, 8 -> examined();
                case 9, 10 -> step("soon", shell::soon);
                case 11, 12 -> claimed();
                case 13 -> step("base", shell::base);
                case 14 -> step("look", shell::look);
                case 15 -> {
                    Duration time = Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 200_000 : 4_000));
                    step("pass " + time, () -> shell.pass(time));
                }
                case 16 -> shell.diskFull = random.nextInt(3) == 0;
                case 17 -> answered();
                case 18 -> givenUp(client);
                default -> {
                    if (random.nextInt(30) == 0) {
                        step("cancel", () -> shell.happen(new Event.Cancelled("random")));
                    } else if (random.nextInt(10) == 0) {
                        story.add("KILLED idle");
                        checkReplay();
                        step("restart", shell::restart);
                    } else if (random.nextInt(4) == 0) {
                        step("unreadable " + client, () -> {
                            shell.examining.remove(client);
                            shell.happen(new Event.Unreadable(client));
                        });
                    }
                }
            }
        }

        private UUID[] held(UUID client) {
            return random.nextBoolean()
                    ? new UUID[0]
                    : shell.state.asked(client).map(Participant::task).stream().toArray(UUID[]::new);
        }

        private void deliver(UUID client) {
            Participant known = shell.state.asked(client).orElse(null);
            if (known == null) {
                return;
            }
            String digest = String.valueOf(random.nextInt(4) == 0 ? 2 : 1).repeat(64);
            long examples = random.nextInt(10) == 0 ? 0 : 5;
            step("deliver " + client + " " + digest.charAt(0), () -> {
                shell.uploads.put(client, digest);
                long reply = shell.deliver(client, known.task(), digest, examples);
                delivered.put(reply, Map.entry(client, digest));
            });
        }

        private void examined() {
            if (shell.examining.isEmpty()) {
                return;
            }
            UUID client = shell.examining.get(random.nextInt(shell.examining.size()));
            if (random.nextInt(6) == 0) {
                step("refused " + client, () -> shell.refused(client));
            } else {
                step("examined " + client, () -> shell.examined(client));
            }
        }

        private void claimed() {
            if (shell.claims.isEmpty()) {
                return;
            }
            if (random.nextInt(4) == 0) {
                step("not granted", () -> shell.happen(new Event.NotGranted(shell.claims.remove(0))));
            } else {
                UUID[] not =
                        clients.stream().filter(one -> random.nextInt(12) == 0).toArray(UUID[]::new);
                step("granted but " + List.of(not), () -> shell.grant(not));
            }
        }

        private void answered() {
            if (shell.reporting == null) {
                return;
            }
            Effect.Report report = shell.reporting;
            shell.reporting = null;
            Set<UUID> some = report.accepted().stream()
                    .map(fact -> Objects.requireNonNull(fact.client()))
                    .filter(one -> random.nextInt(3) == 0)
                    .collect(Collectors.toSet());
            switch (random.nextInt(6)) {
                case 0 -> step("conflict", () -> shell.happen(new Event.Answered(new ShareAnswer.Conflicting(some))));
                case 1 -> step("excess", () -> shell.happen(new Event.Answered(new ShareAnswer.Excessive(some, "x"))));
                case 2 -> step("fenced", () -> shell.happen(new Event.Answered(new ShareAnswer.Fenced("x"))));
                case 3 -> {
                    Optional<UUID> culprit = some.stream().findFirst();
                    step("not reported", () -> shell.happen(new Event.NotReported(culprit, "x")));
                }
                default -> recorded();
            }
        }

        private void recorded() {
            reported = true;
            step("recorded", () -> shell.happen(new Event.Answered(new ShareAnswer.Recorded())));
        }

        private void givenUp(UUID client) {
            shell.state
                    .asked(client)
                    .filter(one -> random.nextInt(6) == 0)
                    .ifPresent(one -> step(
                            "given up " + client,
                            () -> shell.happen(
                                    new Event.GivenUp(client, new TaskTrouble(one.task(), "X", "y", "", Map.of())))));
        }

        // ---- what has to hold

        private void check() {
            acknowledge();
            for (Effect effect : shell.effects.subList(looked, shell.effects.size())) {
                if (effect instanceof Effect.Report report) {
                    checkReport(report);
                }
            }
            looked = shell.effects.size();
            checkJournal();
        }

        /** What its sender has been told counts, until the journal says why it does not. */
        private void acknowledge() {
            shell.receipts.forEach((reply, receipt) -> {
                Map.Entry<UUID, String> result = delivered.get(reply);
                if (seen.add(reply) && receipt.fate() == Fate.ACCEPTED && result != null) {
                    acknowledged.put(result.getKey(), result.getValue());
                }
            });
            shell.journal.stream()
                    .filter(fact -> fact.kind() == Fact.Kind.SETTLED)
                    .forEach(fact -> acknowledged.remove(fact.client()));
        }

        private void checkReport(Effect.Report report) {
            Map<UUID, String> counted = new HashMap<>();
            for (Fact fact : report.accepted()) {
                assertThat(counted.put(Objects.requireNonNull(fact.client()), Objects.requireNonNull(fact.digest())))
                        .as("counts twice")
                        .isNull();
                if (shell.state.training()) {
                    assertThat(shell.files).containsEntry(fact.client(), fact.digest());
                }
            }
            assertThat(report.tally().accepted()).isEqualTo(counted.size());
            if (!shell.linesLost) {
                assertThat(counted).as("what the journal says").isEqualTo(shell.journalled());
                assertThat(counted).as("what was acknowledged").containsAllEntriesOf(acknowledged);
            }
        }

        private void checkJournal() {
            Map<UUID, UUID> tasks = new HashMap<>();
            boolean closed = false;
            for (Fact fact : shell.journal) {
                if (fact.kind() == Fact.Kind.CLOSED) {
                    assertThat(closed).as("closed twice").isFalse();
                    closed = true;
                } else {
                    UUID former = tasks.putIfAbsent(Objects.requireNonNull(fact.client()), fact.task());
                    assertThat(former == null || former.equals(fact.task()) || shell.linesLost)
                            .as("asked twice")
                            .isTrue();
                    assertThat(closed && (fact.kind() == Fact.Kind.ACCEPTED || fact.kind() == Fact.Kind.ASKED))
                            .as("taken after the end")
                            .isFalse();
                }
            }
        }

        /** Reading the journal again, and then once more, comes to the same and does nothing that clients notice. */
        private void checkReplay() {
            List<Fact> once = List.copyOf(shell.journal);
            List<Fact> twice = new ArrayList<>(once);
            twice.addAll(once);
            Decision first = replay(once);
            Decision again = replay(once);
            assertThat(again.effects()).isEqualTo(first.effects());
            assertThat(List.copyOf(again.state().participants()))
                    .isEqualTo(List.copyOf(first.state().participants()));
            assertThat(replay(twice).state().accepted()).isEqualTo(first.state().accepted());
            assertThat(first.effects())
                    .allMatch(effect -> effect instanceof Effect.Hold
                            || effect instanceof Effect.NotifyMeasured
                            || effect instanceof Effect.FetchBase
                            || effect instanceof Effect.Claim
                            || effect instanceof Effect.Report
                            || effect instanceof Effect.Log);
        }

        private Decision replay(List<Fact> facts) {
            Limits limits = new Limits(shell.now, shell.now, shell.now, SimulatedShell.GRACE, SimulatedShell.LEASE);
            return ShareState.of(shell.order, limits)
                    .on(new Event.Opened(facts, Set.copyOf(shell.files.keySet()), List.of(), Carried.NONE), shell.now);
        }

        private void nothingMoreIsSaid() {
            if (shell.state.carriesOver()) {
                // what was acknowledged and not reported waits for the next round
                boolean closed = shell.journal.stream().anyMatch(fact -> fact.kind() == Fact.Kind.CLOSED);
                if (!closed && !shell.linesLost) {
                    assertThat(shell.arrived.keySet()).containsAll(acknowledged.keySet());
                }
            }
            int before = shell.effects.size();
            clients.forEach(client -> shell.attach(client).detach(client, false));
            shell.look().soon().pass(Duration.ofMinutes(10)).base();
            shell.happen(new Event.Cancelled("again"));
            assertThat(shell.effects.subList(before, shell.effects.size()))
                    .filteredOn(effect -> !(effect instanceof Effect.Recovered))
                    .isEmpty();
            List.copyOf(shell.examining).forEach(shell::examined);
            assertThat(shell.waiting).as("nobody waits for ever").isEmpty();
        }

        /** Everything works again, and time passes: the share is reported, and everybody has an answer. */
        private void itComesToAnEnd() {
            for (int i = 0; i < 50 && shell.state.phase() != Phase.REPORTED; i++) {
                step("base", shell::base);
                while (!shell.claims.isEmpty()) {
                    step("granted", shell::grant);
                }
                while (!shell.examining.isEmpty()) {
                    step("examined", () -> shell.examined(shell.examining.get(0)));
                }
                step("soon", shell::soon);
                if (shell.reporting != null) {
                    shell.reporting = null;
                    recorded();
                }
                step("pass", () -> shell.pass(Duration.ofSeconds(20)));
            }
            assertThat(shell.state.phase()).isEqualTo(Phase.REPORTED);
            assertThat(shell.waiting).as("nobody waits for ever").isEmpty();
            int before = shell.effects.size();
            shell.look().pass(Duration.ofMinutes(1));
            assertThat(shell.effects).as("a reported share is silent").hasSize(before);
        }
    }
}
