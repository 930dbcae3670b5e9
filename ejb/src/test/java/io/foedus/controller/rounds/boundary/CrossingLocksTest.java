package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.clients.boundary.Attendance;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.clients.boundary.PlacementRequest;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.exchange.AttachmentReport;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.exchange.ValidationNotice;
import io.foedus.core.round.Tally;
import jakarta.persistence.EntityManager;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two combiners that claim, tell, report, attach, detach and are lost at the same time, over the same clients: whatever
 * crosses, no transaction is sacrificed to a deadlock.
 */
class CrossingLocksTest {
    private static final int THREADS = 8;
    private static final int STEPS_EACH = 60;
    private static final String DEADLOCK = "40P01";

    @TempDir
    Path data;

    private TestFederation federation;
    private TestCombiner north;
    private TestCombiner south;
    private List<UUID> everybody;
    private UUID session;

    @BeforeEach
    void open() {
        federation = new TestFederation(data);
        // a victim is chosen after a second otherwise: then hardly anything would cross in the time of a test
        federation.database.execute("ALTER SYSTEM SET deadlock_timeout = '20ms'");
        federation.database.execute("SELECT pg_reload_conf()");
    }

    private void gather(int clientsEach) {
        north = federation.combiner("north", clientsEach);
        south = federation.combiner("south", clientsEach);
        everybody = new ArrayList<>(north.clients());
        everybody.addAll(south.clients());
        for (Class<?> bean :
                List.of(Shares.class, Attendance.class, Clients.class, RoundEngine.class, Reducing.class)) {
            federation.controller().get(bean); // they are made by one thread and used by many
        }
        session = federation.session(Map.of("rounds", 1_000, "validateEvery", 2, "minClients", 2, "retries", 10));
    }

    @AfterEach
    void close() {
        federation.database.execute("ALTER SYSTEM RESET deadlock_timeout");
        federation.database.execute("SELECT pg_reload_conf()");
        federation.close();
    }

    @Test
    void whatever_two_combiners_do_at_once_over_the_same_clients_nobody_is_sacrificed_to_a_deadlock() throws Exception {
        gather(40);
        storm();
    }

    /** Both have half of what the other needs, unless they take it in the same order. */
    @Test
    void a_combiner_that_is_lost_and_one_that_claims_its_clients_lock_rows_in_the_same_order() {
        gather(2);
        Order orderOfSouth = south.order(TaskKind.TRAIN);
        Order orderOfNorth = north.order(TaskKind.TRAIN);
        List<UUID> clients = claim(south, orderOfSouth, south.clients());
        // the first one's row comes to lie behind the second one's, where a scan of the table finds it last
        federation.database.execute(
                "UPDATE participation SET claimed_at = claimed_at + interval '1 second' WHERE client_id = '"
                        + clients.get(0) + "'");
        silence(south);

        CompletableFuture<List<UUID>> claimed = federation.controller().transaction(() -> {
            entities()
                    .createNativeQuery("SELECT id, 1 FROM participation WHERE client_id = ?1 FOR UPDATE")
                    .setParameter(1, clients.get(1))
                    .getResultList();
            CompletableFuture<Void> losing = CompletableFuture.runAsync(
                    () -> federation.controller().get(RoundEngine.class).lose(south.id()));
            awaitWaiting(1);
            CompletableFuture<List<UUID>> claiming =
                    CompletableFuture.supplyAsync(() -> claim(north, orderOfNorth, clients));
            awaitWaiting(2);
            return losing.thenCombine(claiming, (lost, mine) -> mine);
        });

        assertThat(claimed.join()).isEqualTo(clients);
    }

    private void awaitWaiting(long count) {
        while (((Number) entities()
                                .createNativeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")
                                .getSingleResult())
                        .longValue()
                < count) {
            Thread.onSpinWait();
        }
    }

    private EntityManager entities() {
        return federation.controller().get(EntityManager.class);
    }

    private void storm() throws Exception {
        Map<String, Integer> deadlocks = Collections.synchronizedMap(new TreeMap<>());
        List<Throwable> others = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger done = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        CountDownLatch ended = new CountDownLatch(THREADS);
        federation.look(session);
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(20_261_125L + thread);
            threads.execute(() -> {
                for (int step = 0; step < STEPS_EACH; step++) {
                    Deed deed = Deed.values()[random.nextInt(Deed.values().length)];
                    try {
                        act(deed, random);
                        done.incrementAndGet();
                    } catch (Refusal refused) { // outdated, closed, in conflict: the answer, and nobody's loss
                        done.incrementAndGet();
                    } catch (RuntimeException e) {
                        if (DEADLOCK.equals(sqlState(e))) {
                            deadlocks.merge(deed.name(), 1, Integer::sum);
                        } else {
                            others.add(e);
                        }
                    }
                }
                ended.countDown();
            });
        }
        ended.await();
        threads.shutdown();
        assertThat(deadlocks).isEmpty();
        assertThat(others).isEmpty();
        assertThat(done).hasValue(THREADS * STEPS_EACH);
    }

    /** What may be done at any time. */
    private enum Deed {
        CLAIM,
        TELL,
        REPORT,
        MEASURE,
        ATTEND,
        ATTEND_IN_FULL,
        PLACE,
        BEAT,
        LOSE,
        LOOK
    }

    private void act(Deed deed, Random random) {
        TestCombiner combiner = random.nextBoolean() ? north : south;
        switch (deed) {
            case CLAIM -> orders(combiner).forEach(order -> claim(combiner, order, some(random)));
            case TELL -> orders(combiner).forEach(order -> tell(combiner, order, some(random), random));
            case REPORT ->
                orders(combiner).stream()
                        .filter(order -> order.kind() == TaskKind.TRAIN)
                        .forEach(order -> combiner.report(
                                order, combiner.reportOf(claim(combiner, order, some(random)), c -> 1, 1)));
            case MEASURE ->
                orders(combiner).stream()
                        .filter(order -> order.kind() == TaskKind.VALIDATE)
                        .forEach(order -> measure(combiner, order, claim(combiner, order, some(random))));
            case ATTEND -> attend(combiner, false, random);
            case ATTEND_IN_FULL -> attend(combiner, true, random);
            case PLACE -> place(some(random).get(0));
            case BEAT -> combiner.beat();
            case LOSE -> lose(combiner);
            case LOOK -> look();
        }
    }

    private List<Order> orders(TestCombiner combiner) {
        return combiner.orders();
    }

    private List<UUID> claim(TestCombiner combiner, Order order, List<UUID> clients) {
        return federation
                .controller()
                .get(Shares.class)
                .claim(combiner.actor(), order.roundId(), combiner.claimant(order), clients);
    }

    private void tell(TestCombiner combiner, Order order, List<UUID> clients, Random random) {
        List<Fate> fates = List.of(Fate.ACCEPTED, Fate.FAILED, Fate.REJECTED);
        List<UpdateNotice> news = clients.stream()
                .map(client -> new UpdateNotice(
                        client,
                        "a".repeat(64),
                        1L,
                        1L,
                        fates.get(random.nextInt(fates.size())),
                        null,
                        null,
                        null,
                        null,
                        null))
                .toList();
        federation
                .controller()
                .get(Shares.class)
                .note(combiner.actor(), order.roundId(), combiner.claimant(order), news);
    }

    private void measure(TestCombiner combiner, Order order, List<UUID> clients) {
        Shares shares = federation.controller().get(Shares.class);
        shares.measured(
                combiner.actor(),
                order.roundId(),
                combiner.claimant(order),
                clients.stream()
                        .map(client -> new ValidationNotice(client, 10L, Map.of("accuracy", 0.5), Map.of()))
                        .toList());
        Tally tally = new Tally(clients.size(), 0, 0, 0, clients.size());
        combiner.report(order, new ShareReport(combiner.epoch(), TaskKind.VALIDATE, tally, 0, null, null, null, null));
    }

    private void attend(TestCombiner combiner, boolean full, Random random) {
        federation
                .controller()
                .get(Attendance.class)
                .report(
                        combiner.actor(),
                        combiner.id(),
                        new AttachmentReport(
                                combiner.epoch(),
                                full,
                                some(random).stream()
                                        .map(client -> new AttachmentReport.Attached(client, null, null, null))
                                        .toList(),
                                full
                                        ? null
                                        : some(random).stream()
                                                .limit(6)
                                                .map(client -> new AttachmentReport.Detached(client, "gone"))
                                                .toList(),
                                some(random),
                                some(random),
                                some(random).stream()
                                        .collect(Collectors.toMap(client -> client, client -> Map.of("cpu", 0.5)))));
    }

    private void place(UUID client) {
        Actor agent = Actor.agent(client, "agent", federation.alliance, "t");
        federation
                .controller()
                .get(Clients.class)
                .place(agent, client, new PlacementRequest(Set.of(), Map.of(), "test"));
    }

    /** Its lease ends, it is lost, and comes back under its next epoch. */
    private void lose(TestCombiner combiner) {
        silence(combiner);
        federation.controller().get(RoundEngine.class).lose(combiner.id());
        combiner.restart();
        combiner.orders();
    }

    private void silence(TestCombiner combiner) {
        federation.database.execute("UPDATE combiner SET last_seen_at = last_seen_at - interval '1 hour' WHERE id = '"
                + combiner.id() + "'");
    }

    /** At what came meanwhile; a session that has failed goes on. */
    private void look() {
        federation.look(session);
        if (federation.sessionOf(session).state() == SessionState.FAILED) {
            federation.sessions().extend(federation.operator, session, 1_000, null);
        }
    }

    /** A random part of all clients, in a random order. */
    private List<UUID> some(Random random) {
        List<UUID> shuffled = new ArrayList<>(everybody);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, 1 + random.nextInt(shuffled.size()));
    }

    private static String sqlState(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof SQLException sql) {
                return sql.getSQLState();
            }
        }
        return null;
    }
}
