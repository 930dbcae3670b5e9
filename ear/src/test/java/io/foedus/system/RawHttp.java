package io.foedus.system;

import io.foedus.federation.Federation;
import io.foedus.federation.Rest;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A controller's port as programs without manners use it: bytes on sockets. */
final class RawHttp {
    static final Duration PROMPTLY = Duration.ofSeconds(10);
    static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PROMPTLY)
            .build();
    static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
    static final String JSON = "Content-Type: application/json\r\n";

    private final Federation federation;
    private final Rest rest;

    RawHttp(Federation federation) {
        this.federation = federation;
        this.rest = federation.rest();
    }

    int status(String path) {
        HttpRequest request = HttpRequest.newBuilder(
                        federation.controller().uri().resolve(path))
                .timeout(PROMPTLY)
                .header("Authorization", "Bearer " + rest.token().orElseThrow())
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new AssertionError("GET " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Socket socket() throws IOException {
        URI uri = federation.controller().uri();
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
        return socket;
    }

    static String answer(Socket socket) throws IOException {
        try (InputStream in = socket.getInputStream()) {
            byte[] bytes = new byte[8 << 10];
            int read = in.read(bytes);
            return read < 0 ? "" : new String(bytes, 0, read, StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }
}
