package io.foedus.combiner.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.KnownClient;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.models.Digest;
import io.foedus.protocol.fedn.TaskRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A float64 seed, as {@code np.zeros} makes it, and clients that train in float32, as most do. */
class CastTest {
    private static final byte[] BASE = Models.ofDoubles(0, 0, 0, 0);
    private static final byte[] UPDATE = Models.of(0.1, 2, 3, 4);
    private static final double ROUNDED = 0.1f;

    private final KnownClient client = new KnownClient(UUID.randomUUID(), LocalFederation.ALLIANCE, "c1");

    @TempDir
    Path dir;

    LocalFederation federation;
    FednProgram program;

    @BeforeEach
    void start() {
        federation = LocalFederation.start(dir);
        federation.controller.know("id-1", client);
        program = new FednProgram(federation.channel(), "id-1", "id-1", null);
    }

    @AfterEach
    void stop() {
        federation.close();
    }

    @Test
    void their_updates_count_and_the_model_stays_float64() throws Exception {
        attend();
        SimulatedAgent agent = federation.agent();
        await().until(() -> federation.controller.attached().size() == 2);
        Order order = order(2, BASE);
        federation.controller.open(order);

        assertThat(deliver(UPDATE)).contains("ACCEPTED");
        agent.deliver(agent.nextTask(), UPDATE, 1);

        ShareReport report = report(order);
        assertThat(agent.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        assertThat(report.inputs())
                .hasSize(2)
                .allSatisfy(input ->
                        assertThat(input.digest()).isEqualTo(Digest.of(UPDATE).hex()));
        assertThat(folded(report)).containsExactly(ROUNDED, 2, 3, 4);
    }

    @Test
    void a_session_is_told_once_that_updates_are_cast() throws Exception {
        attend();
        UUID session = UUID.randomUUID();
        for (int round = 1; round <= 2; round++) {
            Order order = federation.buffered(TaskKind.TRAIN, session, round, BASE, 1, 0);
            federation.controller.open(order);
            assertThat(deliver(UPDATE)).contains("ACCEPTED");
            report(order);
            federation.controller.close(order.key());
        }

        await().until(() -> !casts().isEmpty());
        assertThat(casts()).singleElement().satisfies(event -> {
            assertThat(event.severity()).isEqualTo(Severity.INFO);
            assertThat(event.message()).contains("tensor 0 '0' has dtype f32, expected f64");
        });
    }

    @Test
    void the_same_bits_come_out_after_a_restart() throws Exception {
        attend();
        SimulatedAgent agent = federation.agent();
        await().until(() -> federation.controller.attached().size() == 2);
        Order order = order(2, BASE);
        federation.controller.open(order);
        assertThat(deliver(UPDATE)).contains("ACCEPTED");
        agent.nextTask();

        federation.kill();
        federation.restart();
        SimulatedAgent again = federation.agent(agent.id, java.util.Set.of(), java.util.Map.of(), (a, task) -> {});
        again.deliver(again.nextTask(), UPDATE, 1);

        assertThat(folded(report(order))).containsExactly(ROUNDED, 2, 3, 4);
    }

    @Test
    void what_cannot_be_cast_is_refused_and_the_client_reads_why_in_its_log() throws Exception {
        attend();
        federation.controller.open(order(1, Models.of(0, 0)));
        TaskRequest task = program.nextTask();

        String answer = deliver(task, Models.named("other", 1, 2));

        assertThat(answer).contains("REJECTED").contains("expected '0'");
        assertThat(program.nextTask().getMeta()).isNotEmpty(); // what goes behind each task
        TaskRequest word = program.nextTask();
        // FEDn's client logs "Received task request of type … for model_id …" and does nothing
        assertThat(word.getModelId()).contains("REJECTED").contains("expected '0'");
        assertThat(word.getType()).isEqualTo(io.foedus.protocol.fedn.StatusType.LOG);
    }

    private void attend() {
        program.heartbeat();
        program.listen();
        await().until(() -> federation.controller.attached().contains(client.clientId()));
    }

    private Order order(int clients, byte[] base) {
        return federation.order(base, clients, clients, Duration.ofMinutes(5));
    }

    private String deliver(byte[] update) throws Exception {
        TaskRequest task = program.nextTask();
        program.nextTask();
        return deliver(task, update);
    }

    private String deliver(TaskRequest task, byte[] update) {
        String upload = UUID.randomUUID().toString();
        program.upload(upload, update);
        return program.update(task, upload, 1);
    }

    private List<CombinerEvent> casts() {
        return federation.controller.events().stream()
                .filter(event -> event.kind().equals("UPDATE_CAST"))
                .toList();
    }

    private ShareReport report(Order order) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> federation.controller.report(order.key()).isPresent());
        return federation.controller.report(order.key()).orElseThrow();
    }

    private double[] folded(ShareReport report) {
        byte[] partial = federation.controller.blob(
                Objects.requireNonNull(report.partial()).digest());
        return Models.mean(partial, report);
    }
}
