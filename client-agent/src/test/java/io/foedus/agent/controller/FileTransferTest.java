package io.foedus.agent.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.transfer.Retry;
import io.foedus.core.models.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileTransferTest {
    private static final int SIZE = 3_000_000;

    @TempDir
    Path folder;

    private final byte[] content = new byte[SIZE];
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong progress = new AtomicLong();
    private HttpServer server;
    private FileTransfer transfer;

    FileTransferTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        transfer = new FileTransfer(
                new ControllerClient(address, "t", Optional.empty()), progress::set, Retry.backoff(() -> 0));
    }

    @BeforeEach
    void start() {
        new Random(1).nextBytes(content);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void an_upload_that_is_cut_goes_on_at_the_byte_that_was_kept() throws IOException {
        cuts.set(5);
        Path file = Files.write(folder.resolve("seed.npz"), content);

        assertThat(transfer.upload("/up", file, SIZE).path("id").asText()).isEqualTo("m1");
        assertThat(kept.toByteArray()).isEqualTo(content);
        assertThat(received.get()).isEqualTo(SIZE);
        assertThat(progress.get()).isEqualTo(SIZE);
    }

    @Test
    void a_download_that_is_cut_goes_on_at_the_byte_that_arrived() throws IOException {
        cuts.set(5);
        Path target = folder.resolve("model.npz");

        transfer.download("/down", target, Digest.of(content).hex());
        assertThat(Files.readAllBytes(target)).isEqualTo(content);
        assertThat(sent.get()).isLessThan(SIZE + SIZE / 10);
        assertThat(folder.resolve("model.npz.part")).doesNotExist();
    }

    @Test
    void other_bytes_than_were_announced_are_not_kept() {
        assertThatThrownBy(() -> transfer.download("/down", folder.resolve("x"), "0".repeat(64)))
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.FAILURE));
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void a_controller_that_never_takes_a_byte_ends_the_upload_with_what_is_wrong() throws IOException {
        server.stop(0);
        Path file = Files.write(folder.resolve("seed.npz"), content);

        assertThatThrownBy(() -> transfer.upload("/up", file, SIZE))
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
    }

    private void answer(HttpExchange call) throws IOException {
        switch (call.getRequestMethod()) {
            case "HEAD" -> {
                call.getResponseHeaders().set("Upload-Offset", String.valueOf(kept.size()));
                call.sendResponseHeaders(204, -1);
                call.close();
            }
            case "PUT" -> take(call);
            default -> give(call);
        }
    }

    private void take(HttpExchange call) throws IOException {
        String range = call.getRequestHeaders().getFirst("Content-Range");
        assertThat(range).isEqualTo("bytes " + kept.size() + "-" + (SIZE - 1) + "/" + SIZE);
        boolean cut = cuts.getAndUpdate(c -> Math.max(0, c - 1)) > 0;
        InputStream body = call.getRequestBody();
        byte[] some = cut ? body.readNBytes(500_000) : body.readAllBytes();
        received.addAndGet(some.length);
        kept.writeBytes(some);
        if (cut) {
            call.close();
            return;
        }
        byte[] answer = "{\"id\":\"m1\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        call.sendResponseHeaders(201, answer.length);
        call.getResponseBody().write(answer);
        call.close();
    }

    private void give(HttpExchange call) throws IOException {
        String range = call.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        boolean cut = cuts.getAndUpdate(c -> Math.max(0, c - 1)) > 0;
        byte[] rest = Arrays.copyOfRange(content, from, cut ? Math.min(SIZE, from + 500_000) : SIZE);
        call.sendResponseHeaders(range == null ? 200 : 206, SIZE - from);
        sent.addAndGet(rest.length);
        call.getResponseBody().write(rest);
        call.getResponseBody().flush();
        call.close();
    }
}
