package io.foedus.combiner.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.foedus.core.exchange.KnownClient;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.TaskKind;
import io.foedus.protocol.fedn.Client;
import io.foedus.protocol.fedn.ListClientsRequest;
import io.foedus.protocol.fedn.ModelRequest;
import io.foedus.protocol.fedn.ModelResponse;
import io.foedus.protocol.fedn.ModelStatus;
import io.foedus.protocol.fedn.TaskRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who a FEDn client is taken for, and who is not let in. */
class FednIdentityTest {
    private static final byte[] BASE = Models.of(0, 0, 0, 0);
    private static final String NEAR = "192.0.2.1";
    private static final String FAR = "198.51.100.7";

    private final KnownClient ada = new KnownClient(UUID.randomUUID(), LocalFederation.ALLIANCE, "ada");
    private final KnownClient bob = new KnownClient(UUID.randomUUID(), LocalFederation.ALLIANCE, "bob");

    @TempDir
    Path dir;

    LocalFederation federation;

    @BeforeEach
    void start() {
        start(Map.of());
    }

    private void start(Map<String, String> settings) {
        federation = LocalFederation.start(dir, settings);
        federation.controller.know("id-of-ada", ada);
        federation.controller.know("id-of-bob", bob);
        federation.controller.grant("hospitals' token", LocalFederation.ALLIANCE);
        federation.controller.grant("banks' token", "banks");
    }

    private void startTrusting() {
        federation.close();
        start(Map.of("foedus.combiner.fedn-plaintext", "true"));
    }

    @AfterEach
    void stop() {
        federation.close();
    }

    // ---- who it is

    @Test
    void metadata_may_hold_a_name_or_anything() throws Exception {
        for (String said : new String[] {"ada", "Ada's notebook"}) {
            FednProgram notebook = program(federation.dial(null), "id-of-ada", said);
            assertTrains(notebook, ada);
        }
    }

    @Test
    void a_name_in_metadata_makes_nobody_that_client() {
        assertCode(
                Code.UNAVAILABLE,
                () -> program(federation.dial(null), "nobody", "ada").heartbeat());
        assertCode(
                Code.UNAVAILABLE,
                () -> program(federation.dial(null), "nobody", "id-of-ada").heartbeat());
    }

    @Test
    void two_clients_of_one_process_share_a_connection_and_are_told_apart() throws Exception {
        Channel shared = federation.channel();
        FednProgram one = attend(program(shared, "id-of-ada", "ada"), ada);
        FednProgram two = attend(program(shared, "id-of-bob", "bob"), bob);
        Order order = federation.order(BASE, 2, 2, Duration.ofMinutes(5));
        federation.controller.open(order);

        train(one, one.nextTask(), 1);
        train(two, two.nextTask(), 3);

        await().until(() -> federation.controller.report(order.key()).isPresent());
        assertThat(federation.controller.report(order.key()).orElseThrow().inputs())
                .extracting(input -> input.clientId(), input -> input.examples())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(ada.clientId(), 1L),
                        org.assertj.core.groups.Tuple.tuple(bob.clientId(), 3L));
    }

    @Test
    void an_upload_on_a_new_connection_is_taken_when_the_next_heartbeat_has_named_it() throws Exception {
        FednProgram before = attend(program(federation.channel(), "id-of-ada", "ada"), ada);
        federation.controller.open(order());
        TaskRequest task = before.nextTask();
        FednProgram after = program(federation.dial(null), "id-of-ada", "ada");
        String upload = UUID.randomUUID().toString();
        assertCode(Code.UNAVAILABLE, () -> after.send(upload, Models.of(1, 2, 3, 4)));

        after.heartbeat();

        assertThat(after.send(upload, Models.of(1, 2, 3, 4))).isEqualTo(ModelStatus.OK);
        assertThat(after.update(task, upload, 5)).contains("ACCEPTED");
    }

    @Test
    void nobody_sees_who_else_is_there() throws Exception {
        FednProgram one = attend(program(federation.channel(), "id-of-ada", "ada"), ada);
        attend(program(federation.dial(null), "id-of-bob", "bob"), bob);

        assertThat(one.connector()
                        .listActiveClients(ListClientsRequest.newBuilder()
                                .setSender(one.sender())
                                .build())
                        .getClientList())
                .extracting(Client::getClientId)
                .containsExactly("id-of-ada");
    }

    // ---- tokens

    @Test
    void a_token_that_is_sent_must_be_right() throws Exception {
        assertTrains(new FednProgram(federation.dial(FAR), "id-of-ada", "ada", "hospitals' token"), ada);
        assertCode(
                Code.UNAUTHENTICATED,
                () -> new FednProgram(federation.dial(null), "id-of-ada", "ada", "nonsense").heartbeat());
        assertCode(
                Code.UNAVAILABLE,
                () -> new FednProgram(federation.dial(null), "id-of-ada", "ada", "banks' token").heartbeat());
    }

    @Test
    void a_token_still_counts_while_the_controller_is_away() {
        FednProgram program = new FednProgram(federation.dial(FAR), "id-of-ada", "ada", "hospitals' token");
        program.heartbeat();
        federation.controller.firewall.drop("*");
        federation.clock.advance(Duration.ofMinutes(2));

        program.heartbeat();
    }

    @Test
    void without_a_token_nothing_opens_from_another_machine() {
        FednProgram stranger = program(federation.dial(FAR), "id-of-ada", "ada");

        assertThatThrownBy(stranger::heartbeat)
                .hasMessageStartingWith("UNAUTHENTICATED")
                .hasMessageContaining("foedus.combiner.fedn-plaintext");
        assertCode(
                Code.UNAUTHENTICATED, () -> stranger.download(UUID.randomUUID().toString()));
        assertCode(Code.UNAUTHENTICATED, () -> stranger.send(UUID.randomUUID().toString(), BASE));
        assertCode(
                Code.UNAUTHENTICATED,
                () -> stranger.connector().listActiveClients(ListClientsRequest.getDefaultInstance()));
        stranger.listen();
        assertThat(stranger.ended.orTimeout(10, TimeUnit.SECONDS).join().getCode())
                .isEqualTo(Code.UNAUTHENTICATED);
        assertThat(federation.controller.inquiries()).isZero();
    }

    @Test
    void behind_a_proxy_of_this_machine_nothing_opens_without_a_token_either() {
        federation.close();
        start(Map.of("foedus.combiner.fedn-local", "false"));

        assertThatThrownBy(program(federation.dial(null), "id-of-ada", "ada")::heartbeat)
                .hasMessageStartingWith("UNAUTHENTICATED");
        assertThat(federation.controller.inquiries()).isZero();
    }

    @Test
    void an_operator_may_open_it_and_everybody_is_told() throws Exception {
        startTrusting();

        assertTrains(program(federation.dial(FAR), "id-of-ada", "ada"), ada);
        await().untilAsserted(() -> assertThat(federation.controller.events())
                .anySatisfy(event -> assertThat(event.kind()).isEqualTo("FEDN_PLAINTEXT")));
        assertThat(federation.controller.load()).containsEntry("fednPlaintext", true);
    }

    // ---- others' places

    @Test
    void a_client_at_work_cannot_be_taken_over_from_another_address() throws Exception {
        startTrusting();
        FednProgram own = attend(program(federation.dial(NEAR), "id-of-ada", "ada"), ada);
        federation.controller.open(order());
        TaskRequest task = own.nextTask();
        FednProgram thief = program(federation.dial(FAR), "id-of-ada", "ada");

        thief.listen();

        assertThat(thief.ending().getCode()).isEqualTo(Code.UNAVAILABLE);
        assertCode(Code.UNAVAILABLE, thief::heartbeat);
        assertCode(Code.UNAVAILABLE, () -> thief.download(task.getModelId()));
        assertCode(Code.UNAVAILABLE, () -> thief.send(UUID.randomUUID().toString(), Models.of(991, 991, 991, 991)));
        assertCode(Code.UNAVAILABLE, () -> thief.update(task, UUID.randomUUID().toString(), 1_000));
        assertThat(own.ended).isNotDone();
        train(own, task, 1);
        await().untilAsserted(() -> assertThat(federation.controller.events())
                .filteredOn(event -> event.kind().equals("CLIENT_ELSEWHERE"))
                .singleElement()
                .satisfies(event -> assertThat(event.clientId()).isEqualTo(ada.clientId())));
    }

    @Test
    void a_client_that_is_gone_may_come_from_another_address() throws Exception {
        startTrusting();
        program(federation.dial(NEAR), "id-of-ada", "ada").heartbeat();
        FednProgram moved = program(federation.dial(FAR), "id-of-ada", "ada");
        assertCode(Code.UNAVAILABLE, moved::heartbeat);

        federation.clock.advance(Duration.ofSeconds(11));

        moved.heartbeat();
    }

    @Test
    void at_its_own_address_a_client_that_starts_again_takes_its_place() throws Exception {
        FednProgram first = attend(program(federation.dial(null), "id-of-ada", "ada"), ada);

        attend(program(federation.dial(null), "id-of-ada", "ada"), ada);

        assertThat(first.ending().getCode()).isEqualTo(Code.UNAVAILABLE);
    }

    @Test
    void a_client_that_opens_streams_without_end_is_sent_away_for_a_while() throws Exception {
        Channel connection = federation.dial(null);
        FednProgram last = program(connection, "id-of-ada", "ada");
        for (int i = 0; i < 60; i++) {
            last = program(connection, "id-of-ada", "ada");
            last.listen();
        }
        for (int i = 0; i < 20 && !last.ended.isDone(); i++) { // some seconds may pass, and one more each is let in
            last = program(connection, "id-of-ada", "ada");
            last.listen();
        }
        FednProgram refused = last;

        await().until(() -> refused.ended.isDone());
        assertThat(refused.ending().getDescription()).contains("comes too often");
        await().untilAsserted(() -> assertThat(federation.controller.events())
                .anySatisfy(event -> assertThat(event.kind()).isEqualTo("CLIENT_TOO_OFTEN")));
        federation.clock.advance(Duration.ofMinutes(1));
        attend(program(federation.dial(null), "id-of-ada", "ada"), ada);
    }

    // ---- uploads

    @Test
    void an_upload_that_dribbles_ends_with_a_reason_and_operators_hear_of_it() throws Exception {
        FednProgram program = attend(program(federation.dial(null), "id-of-ada", "ada"), ada);
        federation.controller.open(order());
        program.nextTask();
        String upload = UUID.randomUUID().toString();
        CompletableFuture<ModelResponse> answer = new CompletableFuture<>();
        StreamObserver<ModelRequest> parts = program.begin(upload, new byte[] {1}, answer);

        for (int i = 0; i < 3 && !answer.isDone(); i++) { // never idle for the limit of 60 s, and never fast enough
            Thread.sleep(300); // the part before has come
            federation.clock.advance(Duration.ofSeconds(35));
            program.heartbeat();
            parts.onNext(FednProgram.part(upload, new byte[] {1}));
        }

        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .hasMessageContaining("UNAVAILABLE")
                .hasMessageContaining("it came too slowly");
        await().untilAsserted(() -> assertThat(federation.controller.events())
                .filteredOn(event -> event.kind().equals("UPLOAD_TOO_SLOW"))
                .singleElement()
                .satisfies(event -> assertThat(event.clientId()).isEqualTo(ada.clientId())));
    }

    // ---- guessing

    @Test
    void an_id_that_nobody_knows_is_asked_for_once_in_ten_seconds() {
        FednProgram nobody = program(federation.dial(null), "nobody", "nobody");
        for (int i = 0; i < 20; i++) {
            assertCode(Code.UNAVAILABLE, nobody::heartbeat);
        }
        assertThat(federation.controller.inquiries()).isEqualTo(1);
        federation.controller.know("nobody", new KnownClient(UUID.randomUUID(), LocalFederation.ALLIANCE, "nobody"));

        federation.clock.advance(Duration.ofSeconds(11));

        nobody.heartbeat();
    }

    @Test
    void guessing_ids_or_tokens_costs_the_controller_little_and_others_nothing() {
        startTrusting();
        FednProgram known = program(federation.dial(NEAR), "id-of-ada", "ada");
        known.heartbeat();
        for (int i = 0; i < 200; i++) {
            FednProgram guess = program(federation.dial(FAR), "guess-" + i, "x");
            assertCode(Code.UNAVAILABLE, guess::heartbeat);
        }
        int asked = federation.controller.inquiries();
        assertThat(asked).isBetween(10, 40);
        assertCode(
                Code.UNAVAILABLE, () -> new FednProgram(federation.dial(FAR), "id-of-bob", "bob", "guess").heartbeat());
        assertThat(federation.controller.inquiries() - asked).isLessThanOrEqualTo(1);

        known.heartbeat();
        program(federation.dial(NEAR), "id-of-bob", "bob").heartbeat();
    }

    // ---- words of these tests

    private static FednProgram program(Channel channel, String id, String said) {
        return new FednProgram(channel, id, said, null);
    }

    private FednProgram attend(FednProgram program, KnownClient client) {
        program.heartbeat();
        program.listen();
        await().until(() -> federation.controller.attached().contains(client.clientId()));
        return program;
    }

    private Order order() {
        return federation.order(TaskKind.TRAIN, BASE, 1, 0, Duration.ofMinutes(5), "mean", false, 0);
    }

    private void assertTrains(FednProgram program, KnownClient client) throws Exception {
        attend(program, client);
        Order order = order();
        federation.controller.open(order);
        train(program, program.nextTask(), 7);
        await().until(() -> federation.controller.report(order.key()).isPresent());
    }

    private static void train(FednProgram program, TaskRequest task, int examples) {
        assertThat(program.download(task.getModelId())).isEqualTo(BASE);
        String upload = UUID.randomUUID().toString();
        assertThat(program.send(upload, Models.of(1, 2, 3, 4))).isEqualTo(ModelStatus.OK);
        program.status(io.foedus.protocol.fedn.Status.newBuilder().setStatus("uploaded"));
        assertThat(program.update(task, upload, examples)).contains("ACCEPTED");
    }

    private static void assertCode(Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .satisfies(failed -> assertThat(status(failed).getCode()).isEqualTo(code));
    }

    private static Status status(Throwable failed) {
        return failed instanceof StatusRuntimeException one ? one.getStatus() : Status.fromThrowable(failed);
    }
}
