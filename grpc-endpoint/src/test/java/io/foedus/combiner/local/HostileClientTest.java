package io.foedus.combiner.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.models.Digest;
import io.foedus.core.round.Metrics;
import io.foedus.core.text.Printable;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskFailure;
import io.foedus.protocol.v1.TaskResult;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one bad client can do to the others: nothing. */
class HostileClientTest {
    private static final byte[] BASE = Models.of(0, 0, 0, 0);
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    Path dir;

    LocalFederation federation;

    @BeforeEach
    void start() {
        federation = LocalFederation.start(
                dir, Map.of("foedus.combiner.concurrent-uploads", "3", "foedus.combiner.transfer-idle-seconds", "5"));
    }

    @AfterEach
    void stop() {
        federation.close();
    }

    @Test
    void metrics_that_cannot_be_stored_are_left_out_by_name_and_the_others_count() throws Exception {
        SimulatedAgent agent = federation.agent();
        awaitAttached(1);
        Order order = open(TaskKind.VALIDATE);

        agent.report(TaskResult.newBuilder()
                .setTaskId(agent.nextTask().getTaskId())
                .setExamples(1)
                .putMetrics("accuracy", 0.5)
                .putMetrics("nul\u0000", 1)
                .putMetrics("nan", Double.NaN)
                .setMetricsJson("{\"huge\": 1e400, \"note\": \"red \\u001b[31m\", \"inner\": {\"x\\u0000\": 1}}"));

        report(order);
        assertThat(federation.controller.validations().get(0).metrics())
                .isEqualTo(Map.of("accuracy", 0.5, "note", "red \\u001b[31m"));
        CombinerEvent event = event("METRICS_LEFT_OUT");
        assertThat(event.clientId()).isEqualTo(agent.id);
        assertThat(event.message()).contains("'nul\\u0000'", "'nan' is NaN", "'huge' is not finite", "'inner'");
    }

    @Test
    void of_seventy_thousand_metrics_two_hundred_count() throws Exception {
        SimulatedAgent agent = federation.agent();
        awaitAttached(1);
        Order order = open(TaskKind.TRAIN);
        Task task = agent.nextTask();
        byte[] update = Models.of(1, 2, 3, 4);
        agent.upload(task.getTaskId(), update, 0, update.length).join();
        TaskResult.Builder result = TaskResult.newBuilder()
                .setTaskId(task.getTaskId())
                .setExamples(1)
                .setDigest(Digest.of(update).hex())
                .setSize(update.length);
        IntStream.range(0, 70_000).forEach(i -> result.putMetrics("m" + i, i));

        agent.report(result);

        assertThat(report(order).inputs().get(0).metrics()).hasSize(Metrics.MOST);
        assertThat(event("METRICS_LEFT_OUT").message()).contains("69800 beyond the first 200");
    }

    @Test
    void words_of_a_client_reach_nobody_raw() throws Exception {
        SimulatedAgent agent =
                federation.agent(UUID.randomUUID(), Set.of(), Map.of("site\u0000", "a\r\nb"), (one, task) -> {});
        awaitAttached(1);
        open(TaskKind.TRAIN);

        agent.fail(TaskFailure.newBuilder()
                .setTaskId(agent.nextTask().getTaskId())
                .setReason("BAD\nREASON")
                .setMessage("all is well\r\n2026 INFO nothing to see \u001b[2J\u0000")
                .setLogTail("line one\r\nline two\u001b[0m\u0000"));

        await().untilAsserted(() -> assertThat(federation.controller.updates()).anySatisfy(notice -> {
            assertThat(notice.reason()).isEqualTo("BAD\\nREASON");
            assertThat(Printable.is(String.valueOf(notice.message()))).isTrue();
            assertThat(notice.logTail()).isEqualTo("line one\nline two\\u001b[0m\\u0000");
        }));
        assertThat(federation.controller.labels(agent.id)).isEqualTo(Map.of("site\\u0000", "a\\r\\nb"));
    }

    @Test
    void idle_uploads_of_one_client_hold_nobody_up_and_end() throws Exception {
        SimulatedAgent idler = federation.agent();
        SimulatedAgent worker = federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 2, 3, 4), 1));
        awaitAttached(2);
        List<CompletableFuture<Status>> idle = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            idle.add(idler.idleUpload());
        }

        await().until(() -> ended(idle) == 1); // the ninth that came
        open(TaskKind.TRAIN);

        assertThat(worker.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        assertThat(ended(idle)).isEqualTo(1);
        for (int turn = 1; turn <= 4; turn++) { // two at a time have a place, and only these can be too slow
            int many = 1 + 2 * turn;
            federation.clock.advance(Duration.ofSeconds(6));
            await().until(() -> ended(idle) == many);
        }
        assertThat(idle).extracting(end -> end.join().getCode()).containsOnlyOnce(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(idle)
                .extracting(end -> end.join().getCode())
                .containsOnly(Status.Code.RESOURCE_EXHAUSTED, Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void an_upload_that_dribbles_ends_with_a_reason_and_operators_hear_of_it_once() throws Exception {
        byte[] update = Models.of(1, 2, 3, 4);
        SimulatedAgent agent = federation.agent();
        awaitAttached(1);
        open(TaskKind.TRAIN);
        Task task = agent.nextTask();

        for (int again = 0; again < 2; again++) {
            SimulatedAgent.Piecemeal upload = agent.piecemeal(task, update);
            for (int sent = 1; sent <= 2; sent++) { // never idle for the limit of 5 s, and never fast enough
                int bytes = sent;
                upload.send(1);
                await().until(() -> agent.uploadStatus(task.getTaskId(), update).getDurableBytes() == bytes);
                federation.clock.advance(Duration.ofSeconds(3));
            }
            upload.send(1);

            Status end = upload.ended.get(10, TimeUnit.SECONDS);
            assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(end.getDescription()).contains("it came too slowly, 3 bytes in 6 s; what arrived is kept");
        }
        assertThat(event("UPLOAD_TOO_SLOW").clientId()).isEqualTo(agent.id);
        assertThat(federation.controller.events())
                .filteredOn(event -> event.kind().equals("UPLOAD_TOO_SLOW"))
                .hasSize(1);
    }

    @Test
    void an_upload_over_a_slow_line_is_waited_for() throws Exception {
        byte[] update = Models.ofBytes(256 << 10, 1);
        SimulatedAgent agent = federation.agent();
        awaitAttached(1);
        federation.controller.open(federation.order(Models.ofBytes(256 << 10, 0), 1, 1, LONG));
        Task task = agent.nextTask();
        SimulatedAgent.Piecemeal upload = agent.piecemeal(task, update);

        for (int sent = 20_000; sent < update.length; sent += 20_000) { // 5,000 bytes a second
            int bytes = sent;
            upload.send(20_000);
            await().until(() -> agent.uploadStatus(task.getTaskId(), update).getDurableBytes() == bytes);
            federation.clock.advance(Duration.ofSeconds(4));
            agent.progress(task);
        }
        upload.send(update.length % 20_000);

        assertThat(upload.answer.get(10, TimeUnit.SECONDS).getComplete()).isTrue();
    }

    private static long ended(List<CompletableFuture<Status>> calls) {
        return calls.stream().filter(CompletableFuture::isDone).count();
    }

    @Test
    void a_download_that_is_not_read_ends() throws Exception {
        byte[] base = Models.ofBytes(4 << 20, 0);
        SimulatedAgent agent = federation.agent();
        awaitAttached(1);
        Order order = federation.order(base, 1, 1, LONG);
        federation.controller.open(order);
        agent.nextTask();
        List<CompletableFuture<Status>> unread = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            unread.add(agent.unreadDownload(order.model().digest()));
        }

        await().until(() -> ended(unread) == 1); // the fifth that came
        federation.clock.advance(Duration.ofSeconds(6));

        await().until(() -> ended(unread) == 5);
        assertThat(unread)
                .extracting(end -> end.join().getCode())
                .containsOnlyOnce(Status.Code.RESOURCE_EXHAUSTED)
                .containsOnly(Status.Code.RESOURCE_EXHAUSTED, Status.Code.DEADLINE_EXCEEDED);
        assertThat(agent.download(order.model().digest(), 0)).isEqualTo(base);
    }

    @Test
    void a_client_that_says_too_much_is_left_out_for_a_while_and_that_is_said_once() throws Exception {
        SimulatedAgent agent = federation.agent();
        federation.agent(); // keeps the round open
        awaitAttached(2);
        open(TaskKind.TRAIN);
        Task task = agent.nextTask();
        agent.deliver(task, Models.of(1, 2, 3, 4), 1);
        assertThat(agent.nextReceipt().getFate()).isEqualTo("ACCEPTED");

        for (int i = 0; i < 1_000; i++) {
            agent.report(task.getTaskId(), new byte[] {(byte) i, (byte) (i >> 8)}, 1);
            assertThat(agent.nextReceipt().getFate()).isEqualTo("DUPLICATE");
        }

        assertThat(event("CLIENT_TOO_LOUD").clientId()).isEqualTo(agent.id);
        assertThat(federation.controller.updates()).hasSizeBetween(200, 700); // a minute may end meanwhile
    }

    @Test
    void a_client_that_opens_streams_without_end_is_sent_away() {
        UUID client = UUID.randomUUID();
        List<SimulatedAgent> streams = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            streams.add(federation.agent(client, Set.of(), Map.of(), (one, task) -> {}));
        }

        await().untilAsserted(() -> assertThat(streams)
                .anySatisfy(stream -> assertThat(stream.ended.getNow(Status.OK).getCode())
                        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED)));
        assertThat(event("CLIENT_TOO_OFTEN").clientId()).isEqualTo(client);
    }

    @Test
    void streams_on_which_nothing_is_said_count_too() {
        UUID client = UUID.randomUUID();
        SimulatedAgent agent = federation.agent(client, Set.of(), Map.of(), (one, task) -> {});
        List<CompletableFuture<Status>> silent = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            silent.add(agent.silentStream());
        }

        await().until(() -> ended(silent) >= 10);
        assertThat(silent.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
                .extracting(Status::getCode)
                .containsOnly(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(event("CLIENT_TOO_OFTEN").clientId()).isEqualTo(client);
    }

    private void awaitAttached(int count) {
        await().until(() -> federation.controller.attached().size() == count);
    }

    private Order open(TaskKind kind) {
        Order order = federation.order(kind, BASE, 1, 0, LONG, "mean", false, 0);
        federation.controller.open(order);
        return order;
    }

    private CombinerEvent event(String kind) {
        return await().until(
                        () -> federation.controller.events().stream()
                                .filter(event -> event.kind().equals(kind))
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private ShareReport report(Order order) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> federation.controller.report(order.key()).isPresent());
        return federation.controller.report(order.key()).orElseThrow();
    }
}
