package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.refusals.Refusal;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import jakarta.persistence.EntityManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever books in the ledger takes locks in one order: nobody ever has to be sacrificed to a deadlock. */
class LockOrderTest {
    @TempDir
    Path data;

    private TestFederation federation;

    @BeforeEach
    void open() {
        federation = new TestFederation(data);
    }

    @AfterEach
    void close() {
        federation.close();
    }

    private static UpdateNotice delivery(UUID client, Fate fate) {
        return new UpdateNotice(
                client, "a".repeat(64), 1L, 1L, fate, fate == Fate.ACCEPTED ? null : "WHY", null, null, null, null);
    }

    @Test
    void news_of_updates_and_of_failures_does_not_deadlock_with_the_report_of_their_share() {
        TestCombiner north = federation.combiner("north", 2);
        UUID session = federation.session(Map.of("rounds", 1, "validateEvery", 0));
        Order order = north.order(TaskKind.TRAIN);
        List<UUID> clients = north.claim(order);
        ShareReport report = north.reportOf(clients.subList(0, 1), client -> 1, 1);
        Shares shares = federation.controller().get(Shares.class);
        EntityManager entities = federation.controller().get(EntityManager.class);
        CompletableFuture<Void> reporting = federation.controller().transaction(() -> {
            shares.note(
                    north.actor(),
                    order.roundId(),
                    north.claimant(order),
                    List.of(delivery(clients.get(0), Fate.ACCEPTED)));
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> north.report(order, report));
            while (!other.isDone() && waiting(entities) == 0) {
                Thread.onSpinWait();
            }
            shares.note(
                    north.actor(),
                    order.roundId(),
                    north.claimant(order),
                    List.of(delivery(clients.get(1), Fate.FAILED)));
            return other;
        });
        reporting.join();
        federation.look(session);
        assertThat(federation.round(session, 1).updates()).hasSize(1);
    }

    private static long waiting(EntityManager entities) {
        return ((Number) entities.createNativeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")
                        .getSingleResult())
                .longValue();
    }

    @Test
    void a_storm_of_news_reports_and_looks_over_the_same_clients_has_no_victims() throws Exception {
        TestCombiner north = federation.combiner("north", 12);
        TestCombiner south = federation.combiner("south", 12);
        List<Throwable> victims = Collections.synchronizedList(new ArrayList<>());
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (int i = 0; i < 8; i++) {
                UUID session = federation.session(Map.of("rounds", 1, "validateEvery", 0, "minClients", 2));
                List<Runnable> storm = new ArrayList<>();
                for (TestCombiner combiner : List.of(north, south)) {
                    Order order = combiner.orders().stream()
                            .filter(one -> one.sessionId().equals(session))
                            .findFirst()
                            .orElseThrow();
                    List<UUID> clients = combiner.claim(order);
                    ShareReport report = combiner.reportOf(clients.subList(0, 6), client -> 1, 1);
                    for (int copy = 0; copy < 3; copy++) {
                        storm.add(() -> newsOf(combiner, order, clients));
                    }
                    storm.add(() -> combiner.report(order, report));
                }
                storm.add(() -> federation.look(session));
                CyclicBarrier start = new CyclicBarrier(storm.size());
                CountDownLatch done = new CountDownLatch(storm.size());
                for (Runnable one : storm) {
                    threads.execute(() -> {
                        try {
                            start.await();
                            one.run();
                        } catch (Refusal refused) { // the share is closed: nobody's fault
                        } catch (Throwable e) {
                            victims.add(e);
                        } finally {
                            done.countDown();
                        }
                    });
                }
                done.await();
                federation.look(session);
                assertThat(federation.round(session, 1).examples()).isEqualTo(12);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(victims).isEmpty();
    }

    private void newsOf(TestCombiner combiner, Order order, List<UUID> clients) {
        List<UUID> shuffled = new ArrayList<>(clients);
        Collections.shuffle(shuffled);
        List<UpdateNotice> news = shuffled.stream()
                .map(client -> delivery(client, clients.indexOf(client) < 6 ? Fate.ACCEPTED : Fate.REJECTED))
                .toList();
        federation
                .controller()
                .get(Shares.class)
                .note(combiner.actor(), order.roundId(), combiner.claimant(order), news);
    }
}
