package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foedus.federation.Federation;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bodies that are too big, or from who may not send them, over the wire of a real controller: nothing is kept of them.
 */
@ExtendWith(ImpatientFederation.class)
class BigBodiesIT {
    private final Federation federation;
    private final RawHttp raw;

    BigBodiesIT(Federation federation) {
        this.federation = federation;
        raw = new RawHttp(federation);
    }

    @Test
    void a_form_with_a_file_where_none_is_taken_is_refused_and_leaves_nothing() throws IOException {
        long before = bigFiles();

        String answer = sendFile("/login", "", 8 << 20);

        assertThat(answer).matches(told -> told.equals("cut") || told.startsWith("HTTP/1.1 415"));
        assertThat(bigFiles()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"/packages", "/upload-model", "/packages.xhtml"})
    void a_file_from_somebody_who_is_not_logged_in_leaves_nothing(String page) throws IOException {
        long before = bigFiles();

        sendFile(page, "", 8 << 20);

        assertThat(bigFiles()).isEqualTo(before);
    }

    @Test
    void a_file_that_breaks_off_leaves_nothing() throws IOException {
        String cookie = new LoginPage(federation).login();
        long before = bigFiles();
        try (Socket socket = raw.socket()) {
            socket.getOutputStream()
                    .write(head("/upload-model", cookie, 64 << 20).getBytes(StandardCharsets.ISO_8859_1));
            byte[] piece = new byte[4 << 20];
            socket.getOutputStream().write(piece);
            await().atMost(RawHttp.PROMPTLY).until(() -> bigFiles() > before);
        }

        await().atMost(Duration.ofSeconds(40)).until(() -> bigFiles() == before);
    }

    @Test
    void a_form_of_more_than_a_mebibyte_is_refused() throws IOException {
        byte[] body = ("name=" + "x".repeat(2 << 20)).getBytes(StandardCharsets.ISO_8859_1);

        String answer;
        try (Socket socket = raw.socket()) {
            socket.getOutputStream()
                    .write(("POST /login HTTP/1.1\r\nHost: x\r\n" + RawHttp.FORM + "Content-Length: " + body.length
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            answer = RawHttp.answer(socket);
        }

        assertThat(answer).startsWith("HTTP/1.1 413").containsIgnoringCase("connection: close");
    }

    @Test
    void a_file_for_fedn_from_somebody_who_may_not_send_it_is_not_received() throws IOException {
        String join = federation.alliance("fedn-files").joinToken().toString();
        long before = bigFiles();
        String token = Files.readString(Path.of(join)).strip();
        try (Socket socket = raw.socket()) {
            socket.getOutputStream()
                    .write(head("/fedn/fedn-files/api/v1/models/", "", 64 << 20)
                            .replace("Host: x\r\n", "Host: x\r\nAuthorization: Bearer " + token + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));

            assertThat(RawHttp.answer(socket)).containsPattern("^HTTP/1.1 (403|404)");
        }
        assertThat(bigFiles()).isEqualTo(before);
    }

    private String sendFile(String page, String cookie, int bytes) throws IOException {
        try (Socket socket = raw.socket()) {
            OutputStream out = socket.getOutputStream();
            out.write(head(page, cookie, bytes).getBytes(StandardCharsets.ISO_8859_1));
            byte[] piece = new byte[64 << 10];
            for (int sent = 0; sent < bytes; sent += piece.length) {
                out.write(piece);
            }
            out.write("\r\n--cut--\r\n".getBytes(StandardCharsets.ISO_8859_1));
            return RawHttp.answer(socket);
        } catch (IOException e) {
            return "cut";
        }
    }

    private static String head(String page, String cookie, int bytes) {
        String part = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n";
        return "POST " + page + " HTTP/1.1\r\nHost: x\r\nCookie: " + cookie
                + "\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: "
                + (part.length() + bytes + 11) + "\r\n\r\n" + part;
    }

    /** How many files of more than a mebibyte the controller has, wherever it keeps files. */
    private long bigFiles() throws IOException {
        long files = 0;
        for (Path place : List.of(
                federation.home().resolve("controller"), federation.home().resolve("servers"))) {
            try (Stream<Path> all = Files.walk(place)) {
                files += all.filter(file -> {
                            try {
                                return Files.isRegularFile(file) && Files.size(file) > 1 << 20;
                            } catch (IOException e) {
                                return false; // gone meanwhile
                            }
                        })
                        .count();
            } catch (UncheckedIOException e) {
                return -1; // gone meanwhile
            }
        }
        return files;
    }
}
