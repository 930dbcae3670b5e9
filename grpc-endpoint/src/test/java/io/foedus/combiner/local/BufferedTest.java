package io.foedus.combiner.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.protocol.v1.Task;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stories of buffered sessions: nobody waits for the slow, and the slow do not work in vain. */
class BufferedTest {
    private static final byte[] FIRST = Models.of(0, 0, 0, 0);
    private static final byte[] SECOND = Models.of(1, 1, 1, 1);

    @TempDir
    Path dir;

    private final UUID session = UUID.randomUUID();
    private LocalFederation federation;
    private SimulatedAgent quick;
    private SimulatedAgent slow;

    @BeforeEach
    void start() {
        federation = LocalFederation.start(dir);
        quick = federation.agent();
        slow = federation.agent();
        await().until(() -> federation.combiner().attached() == 2);
    }

    @AfterEach
    void stop() {
        federation.close();
    }

    @Test
    void a_slow_client_works_on_and_counts_in_the_next_round_as_stale_as_it_is() throws Exception {
        Task old = firstRound();
        Order second = open(order(2, SECOND, 10));
        Task fresh = quick.nextTask();
        slow.deliver(old, Models.of(2, 0, 0, 0), 7);

        ShareReport report = report(second);
        assertThat(slow.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        assertThat(report.inputs()).singleElement().satisfies(input -> {
            assertThat(input.clientId()).isEqualTo(slow.id);
            assertThat(input.staleness()).isEqualTo(1);
            assertThat(input.weight()).isEqualTo(7);
        });
        assertThat(folded(report, 1)).containsExactly(new double[] {1 + 2 / Math.sqrt(2), 1, 1, 1}, within(1e-6));
        assertThat(fresh.getRoundNumber()).isEqualTo(2);
        assertThat(slow.cancelled).isEmpty();
        assertThat(quick.cancelled).isEmpty();
    }

    @Test
    void a_result_that_arrives_between_two_rounds_waits_for_the_next_one() throws Exception {
        Task old = firstRound();
        slow.deliver(old, Models.of(2, 0, 0, 0), 7);
        await().until(() -> federation.controller.attached().size() == 2);
        Order second = open(order(2, SECOND, 10));

        assertThat(report(second).inputs()).hasSize(1);
        assertThat(slow.nextReceipt().getFate()).isEqualTo("ACCEPTED");
    }

    @Test
    void a_result_that_comes_while_its_round_closes_is_not_in_vain() throws Exception {
        for (int i = 0; i < 10; i++) {
            federation.close();
            start();
            UUID own = UUID.randomUUID();
            Order first = open(federation.buffered(TaskKind.TRAIN, own, 1, FIRST, 1, 10));
            String one = taskOf(quick, first);
            String two = taskOf(slow, first);
            byte[] model = Models.of(i + 1, 1, 1, 1);
            byte[] other = Models.of(i + 1, 2, 2, 2);
            quick.upload(one, model, 0, model.length).join();
            slow.upload(two, other, 0, other.length).join();
            quick.report(one, model, 5);
            TimeUnit.MICROSECONDS.sleep(300L * i); // into another part of the closing each time
            slow.report(two, other, 5);
            report(first);
            open(federation.buffered(TaskKind.TRAIN, own, 2, SECOND, 1, 10));

            assertThat(quick.nextReceipt().getFate()).isEqualTo("ACCEPTED");
            assertThat(slow.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        }
    }

    private static String taskOf(SimulatedAgent agent, Order order) throws InterruptedException {
        Task task = agent.nextTask();
        while (!task.getRoundId().equals(order.roundId().toString())) {
            task = agent.nextTask();
        }
        return task.getTaskId();
    }

    @Test
    void work_that_is_too_far_behind_is_called_back_and_begun_anew() throws Exception {
        Task old = firstRound();
        open(order(2, SECOND, 0));

        assertThat(slow.cancelled.poll(5, TimeUnit.SECONDS)).isEqualTo(old.getTaskId());
        assertThat(slow.nextTask().getRoundNumber()).isEqualTo(2);
    }

    @Test
    void a_client_that_counts_elsewhere_in_the_next_round_is_called_back() throws Exception {
        Task old = firstRound();
        Order second = order(2, SECOND, 10);
        federation.controller.takeElsewhere(second.roundId(), slow.id);
        open(second);

        assertThat(slow.cancelled.poll(5, TimeUnit.SECONDS)).isEqualTo(old.getTaskId());
        quick.deliver(quick.nextTask(), Models.of(3, 3, 3, 3), 1);
        assertThat(report(second).inputs())
                .singleElement()
                .satisfies(input -> assertThat(input.clientId()).isEqualTo(quick.id));
    }

    @Test
    void a_session_that_ends_calls_its_clients_back() throws Exception {
        Task old = firstRound();
        federation.controller.end(session);

        assertThat(slow.cancelled.poll(5, TimeUnit.SECONDS)).isEqualTo(old.getTaskId());
        slow.report(old.getTaskId(), FIRST, 1);
        assertThat(slow.nextReceipt().getFate()).isEqualTo("LATE");
    }

    @Test
    void a_session_that_is_stopped_at_once_calls_everybody_back() throws Exception {
        Order first = open(order(1, FIRST, 10));
        Task one = quick.nextTask();
        Task two = slow.nextTask();
        federation.controller.end(session);
        federation.controller.close(first.key());

        assertThat(quick.cancelled.poll(5, TimeUnit.SECONDS)).isEqualTo(one.getTaskId());
        assertThat(slow.cancelled.poll(5, TimeUnit.SECONDS)).isEqualTo(two.getTaskId());
    }

    @Test
    void an_update_that_its_round_went_on_without_counts_in_the_next_one() throws Exception {
        Order first = open(federation.buffered(TaskKind.TRAIN, session, 1, FIRST, 2, 10));
        quick.deliver(quick.nextTask(), Models.of(4, 0, 0, 0), 3);
        assertThat(quick.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        slow.nextTask();
        federation.controller.close(first.key());
        Order second = open(order(2, SECOND, 10));

        ShareReport report = report(second);
        assertThat(report.inputs()).singleElement().satisfies(input -> {
            assertThat(input.clientId()).isEqualTo(quick.id);
            assertThat(input.staleness()).isEqualTo(1);
        });
        assertThat(folded(report, 1)).containsExactly(new double[] {1 + 4 / Math.sqrt(2), 1, 1, 1}, within(1e-6));
    }

    @Test
    void clients_at_work_are_not_asked_to_validate() throws Exception {
        firstRound();
        Order validation = open(federation.buffered(TaskKind.VALIDATE, session, 1, SECOND, 0, 10));

        quick.measure(quick.nextTask(), 0.5, 10);
        assertThat(report(validation).tally().expected()).isEqualTo(1);
        assertThat(slow.tasks).isEmpty();
    }

    @Test
    void work_carried_into_a_round_survives_a_restart_of_the_combiner() throws Exception {
        Task old = firstRound();
        Order second = open(order(2, SECOND, 10));
        quick.nextTask();
        federation.kill();
        federation.restart();
        SimulatedAgent back =
                federation.agent(slow.id, Set.of(UUID.fromString(old.getTaskId())), Map.of(), (agent, task) -> {});
        assertThat(back.welcomed.get(5, TimeUnit.SECONDS).getKnownTasksList()).containsExactly(old.getTaskId());
        back.deliver(old, Models.of(2, 0, 0, 0), 7);

        assertThat(report(second).inputs())
                .singleElement()
                .satisfies(input -> assertThat(input.staleness()).isEqualTo(1));
    }

    @Test
    void an_update_that_breaks_the_fold_is_rejected_after_all_and_the_others_count() throws Exception {
        Order first = open(order(1, Models.of(-3e38), 10));
        Task old = slow.nextTask();
        quick.deliver(quick.nextTask(), Models.of(-3e38), 5);
        report(first);
        assertThat(quick.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        Order second = open(federation.buffered(TaskKind.TRAIN, session, 2, Models.of(2e38), 2, 10));
        slow.deliver(old, Models.of(3e38), 5);
        assertThat(slow.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        Task fresh = quick.nextTask();
        quick.deliver(fresh, Models.of(2.5e38), 5);

        ShareReport report = report(second);
        assertThat(report.inputs())
                .singleElement()
                .satisfies(input -> assertThat(input.clientId()).isEqualTo(quick.id));
        assertThat(report.tally().rejected()).isEqualTo(1);
        assertThat(folded(report, 2e38)).containsExactly(new double[] {2.5e38}, within(1e32));
        await().untilAsserted(() -> assertThat(federation.controller.updates())
                .filteredOn(notice -> notice.clientId().equals(slow.id))
                .last()
                .satisfies(notice -> {
                    assertThat(notice.fate()).isEqualTo(Fate.REJECTED);
                    assertThat(notice.reason()).isEqualTo("OUT_OF_SCALE");
                    assertThat(notice.message()).contains("tensor '0' overflows at index 0");
                }));
        slow.report(old.getTaskId(), Models.of(3e38), 5);
        assertThat(slow.nextReceipt().getReason()).startsWith("OUT_OF_SCALE");
        assertThat(slow.tasks).isEmpty();
    }

    /** Both get a task; the quick one's update closes the round. Returns the task that the slow one works on. */
    private Task firstRound() throws Exception {
        Order first = open(order(1, FIRST, 10));
        Task old = slow.nextTask();
        quick.deliver(quick.nextTask(), Models.of(1, 1, 1, 1), 5);
        ShareReport report = report(first);
        assertThat(report.tally().expected()).isEqualTo(1);
        assertThat(report.inputs()).hasSize(1);
        assertThat(quick.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        return old;
    }

    private Order order(int round, byte[] model, int maxStaleness) {
        return federation.buffered(TaskKind.TRAIN, session, round, model, 1, maxStaleness);
    }

    private Order open(Order order) {
        federation.controller.open(order);
        return order;
    }

    private ShareReport report(Order order) {
        return await().until(() -> federation.controller.report(order.key()), java.util.Optional::isPresent)
                .orElseThrow();
    }

    /** What the model comes to that the partial is made for; all its values are one value here. */
    private double[] folded(ShareReport report, double base) {
        double[] mean = Models.mean(
                federation.controller.blob(
                        Objects.requireNonNull(report.partial()).digest()),
                report);
        return Arrays.stream(mean).map(value -> base + value).toArray();
    }
}
