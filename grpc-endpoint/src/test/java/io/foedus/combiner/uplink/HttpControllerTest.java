package io.foedus.combiner.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.foedus.combiner.uplink.control.ControllerFailure;
import io.foedus.combiner.uplink.control.ControllerRefusal;
import io.foedus.combiner.uplink.control.HttpController;
import io.foedus.combiner.uplink.control.RestCall;
import io.foedus.core.blobs.DigestMismatchException;
import io.foedus.core.exchange.Heartbeat;
import io.foedus.core.exchange.Membership;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.Orders;
import io.foedus.core.exchange.ShareAnswer;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.models.Digest;
import io.foedus.core.round.Tally;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bodies and statuses of docs/api.md on a real socket. */
class HttpControllerTest {
    private static final UUID ME = UUID.randomUUID();
    private static final Membership MEMBERSHIP = new Membership(ME, "fds_cb_secret", 3, "key", 1);

    @TempDir
    Path dir;

    private final List<String> requests = new ArrayList<>();
    private final ByteArrayOutputStream stored = new ByteArrayOutputStream();
    private HttpServer server;
    private HttpController controller;
    private int status = 200;
    private String body = "{}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api", this::handle);
        server.start();
        controller = new HttpController(new RestCall(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort())));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void a_heartbeat_brings_orders_with_everything_in_them() throws IOException {
        UUID round = UUID.randomUUID();
        body = "{\"revision\":4,\"orders\":[{\"shareId\":\"" + UUID.randomUUID()
                + "\",\"kind\":\"TRAIN\",\"roundId\":\""
                + round + "\",\"roundNumber\":2,\"sessionId\":\"" + UUID.randomUUID()
                + "\",\"alliance\":\"a\",\"allianceId\":\"" + UUID.randomUUID()
                + "\",\"epoch\":3,\"model\":{\"id\":\"" + UUID.randomUUID()
                + "\",\"digest\":\"d\",\"size\":5,\"format\":\"npz\"},\"packageDigest\":null,"
                + "\"policy\":{\"minUpdates\":1,\"targetUpdates\":2,\"minWaitMillis\":0,\"maxWaitMillis\":9},"
                + "\"select\":{\"kind\":\"RANDOM\",\"count\":2,\"seed\":77,\"labels\":{\"gpu\":\"yes\"},\"clients\":[]},"
                + "\"aggregator\":\"mean\",\"mode\":\"SYNCHRONOUS\",\"settings\":{\"epochs\":3},\"keepUpdates\":true,"
                + "\"remainingMillis\":8}],\"revoked\":[],\"draining\":false,\"heartbeatSeconds\":5,\"later\":1}";

        Orders news = controller.heartbeat(MEMBERSHIP, new Heartbeat(3, -1, 1, 0, Map.of(), List.of()));

        assertThat(news.revision()).isEqualTo(4);
        Order order = news.orders().get(0);
        assertThat(order.key()).isEqualTo(new Order.Key(round, TaskKind.TRAIN));
        assertThat(order.select().labels()).containsEntry("gpu", "yes");
        assertThat(order.settings().get("epochs")).hasToString("3");
        assertThat(requests.get(0))
                .startsWith("POST /api/combiners/" + ME + "/heartbeats Bearer fds_cb_secret")
                .contains("\"seen\":-1");
    }

    @Test
    void a_token_is_shown_in_a_body_and_names_its_alliance_or_nothing() throws IOException {
        body = "{\"alliance\":\"hospitals\"}";
        assertThat(controller.allianceOfJoinToken(MEMBERSHIP, "fds_jt_secret")).contains("hospitals");
        assertThat(requests.get(0))
                .startsWith("POST /api/combiners/" + ME + "/join-tokens Bearer fds_cb_secret")
                .contains("{\"token\":\"fds_jt_secret\"}");

        status = 404;
        assertThat(controller.allianceOfJoinToken(MEMBERSHIP, "fds_jt_secret")).isEmpty();
    }

    @Test
    void a_controller_that_failed_at_what_it_was_sent_is_told_from_one_that_is_away_or_busy() {
        for (int one : new int[] {500, 501}) {
            status = one;
            assertThatThrownBy(() -> controller.events(MEMBERSHIP, List.of()))
                    .isInstanceOf(ControllerFailure.class)
                    .hasMessageContaining("status " + one);
        }
        for (int one : new int[] {408, 429, 502, 503, 504}) {
            status = one;
            assertThatThrownBy(() -> controller.events(MEMBERSHIP, List.of())).isExactlyInstanceOf(IOException.class);
        }
    }

    @Test
    void claims_name_the_clients_and_answer_those_that_are_ours() throws IOException {
        UUID ours = UUID.randomUUID();
        body = "{\"claimed\":[\"" + ours + "\"]}";

        assertThat(controller.claim(MEMBERSHIP, UUID.randomUUID(), TaskKind.TRAIN, Set.of(ours, UUID.randomUUID())))
                .containsExactly(ours);
        assertThat(requests.get(0)).contains("\"epoch\":3").contains("\"kind\":\"TRAIN\"");
    }

    @Test
    void a_share_is_recorded_conflicting_or_fenced() throws IOException {
        UUID client = UUID.randomUUID();
        ShareReport report = new ShareReport(
                3, TaskKind.TRAIN, Tally.expecting(1), 5, null, List.of(), Map.of("foldMillis", 1.5), null);
        status = 204;
        assertThat(controller.share(MEMBERSHIP, UUID.randomUUID(), report)).isInstanceOf(ShareAnswer.Recorded.class);
        status = 409;
        body = "{\"code\":\"CONFLICTING_CLAIMS\",\"clients\":[\"" + client + "\"]}";
        assertThat(controller.share(MEMBERSHIP, UUID.randomUUID(), report))
                .isEqualTo(new ShareAnswer.Conflicting(Set.of(client)));
        status = 410;
        body = "{\"code\":\"EPOCH_OUTDATED\",\"detail\":\"register again\"}";
        assertThat(controller.share(MEMBERSHIP, UUID.randomUUID(), report))
                .isEqualTo(new ShareAnswer.Fenced("register again"));
    }

    @Test
    void a_refusal_carries_status_code_and_sentence_and_trouble_does_not_look_like_one() {
        status = 409;
        body = "{\"code\":\"COMBINER_EXISTS\",\"detail\":\"the name is taken\"}";
        assertThatThrownBy(() -> controller.updates(MEMBERSHIP, UUID.randomUUID(), List.of()))
                .isInstanceOfSatisfying(ControllerRefusal.class, refusal -> {
                    assertThat(refusal.status()).isEqualTo(409);
                    assertThat(refusal.code()).isEqualTo("COMBINER_EXISTS");
                })
                .hasMessageContaining("the name is taken");
        status = 503;
        assertThatThrownBy(() -> controller.updates(MEMBERSHIP, UUID.randomUUID(), List.of()))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(ControllerRefusal.class);
    }

    @Test
    void a_broken_download_is_continued_and_verified() throws IOException {
        byte[] blob = "all the bytes of a model".getBytes(StandardCharsets.UTF_8);
        String digest = Digest.of(blob).hex();
        Path target = dir.resolve(digest);
        Files.write(dir.resolve(digest + ".part"), java.util.Arrays.copyOf(blob, 10));
        status = 206;
        body = new String(blob, 10, blob.length - 10, StandardCharsets.UTF_8);

        controller.fetch(MEMBERSHIP, digest, target);

        assertThat(Files.readAllBytes(target)).isEqualTo(blob);
        assertThat(requests.get(0)).contains("range=bytes=10-");
    }

    @Test
    void damaged_bytes_are_thrown_away_and_brought_again() throws IOException {
        byte[] blob = "all the bytes of a model".getBytes(StandardCharsets.UTF_8);
        String digest = Digest.of(blob).hex();
        Path target = dir.resolve(digest);
        status = 200;
        body = "all the bytes of another";

        assertThatThrownBy(() -> controller.fetch(MEMBERSHIP, digest, target))
                .isInstanceOf(DigestMismatchException.class);
        assertThat(target).doesNotExist();

        body = new String(blob, StandardCharsets.UTF_8);
        controller.fetch(MEMBERSHIP, digest, target);
        assertThat(Files.readAllBytes(target)).isEqualTo(blob);
        assertThat(requests.get(1)).doesNotContain("range=bytes");
    }

    @Test
    void an_upload_goes_on_where_the_controllers_copy_ends() throws IOException {
        byte[] blob = new byte[3 << 20];
        new java.util.Random(1).nextBytes(blob);
        Path file = Files.write(dir.resolve("partial"), blob);
        stored.write(blob, 0, 1 << 20);

        controller.store(MEMBERSHIP, Digest.of(blob).hex(), file);

        assertThat(stored.toByteArray()).isEqualTo(blob);
        assertThat(requests).hasSize(2);
        assertThat(requests.get(1)).contains("content-range=bytes " + (1 << 20) + "-" + (blob.length - 1));
    }

    private void handle(HttpExchange exchange) throws IOException {
        boolean blob = exchange.getRequestURI().getPath().startsWith("/api/blobs/");
        byte[] content = exchange.getRequestBody().readAllBytes();
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Authorization")
                + " range=" + exchange.getRequestHeaders().getFirst("Range")
                + " content-range=" + exchange.getRequestHeaders().getFirst("Content-Range")
                + (blob ? "" : " " + new String(content, StandardCharsets.UTF_8)));
        if (blob && exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Upload-Offset", String.valueOf(stored.size()));
            exchange.sendResponseHeaders(404, -1);
        } else if (blob && exchange.getRequestMethod().equals("PUT")) {
            stored.write(content);
            exchange.sendResponseHeaders(201, -1);
        } else {
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, status == 204 ? -1 : answer.length);
            if (status != 204) {
                exchange.getResponseBody().write(answer);
            }
        }
        exchange.close();
    }
}
