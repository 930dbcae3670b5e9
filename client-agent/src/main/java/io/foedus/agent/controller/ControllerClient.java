package io.foedus.agent.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The controller's REST API ({@code docs/api.md}). Calls block; threads may share a client. An answer of 400 or more
 * becomes a {@link ControllerException}, no answer a {@link Failure} with {@link ExitCode#UNAVAILABLE}. Nothing is
 * retried here: who calls knows whether that is wise.
 */
public final class ControllerClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration BYTES_TIMEOUT = Duration.ofHours(6);
    private static final String OFFSET = "Upload-Offset";

    private final URI base;
    private final @Nullable String authorization;
    private final HttpClient http;

    /**
     * @param base address without a slash at its end
     * @param token bearer token, or null to call without one
     * @param ca PEM file of the authority to trust instead of the JDK's
     */
    public ControllerClient(URI base, @Nullable String token, Optional<Path> ca) {
        this(base, token == null ? null : "Bearer " + token, http(ca));
    }

    private ControllerClient(URI base, @Nullable String authorization, HttpClient http) {
        this.base = base;
        this.authorization = authorization;
        this.http = http;
    }

    /** The same controller called with another token. */
    public ControllerClient withToken(String token) {
        return new ControllerClient(base, "Bearer " + token, http);
    }

    /** The same controller called with an account's name and password. */
    public ControllerClient withPassword(String account, String password) {
        byte[] pair = (account + ":" + password).getBytes(StandardCharsets.UTF_8);
        return new ControllerClient(base, "Basic " + Base64.getEncoder().encodeToString(pair), http);
    }

    public URI base() {
        return base;
    }

    public JsonNode get(String path) {
        return json(path, request(path).GET());
    }

    public JsonNode post(String path, JsonNode body) {
        return json(
                path, request(path).header("Content-Type", "application/json").POST(text(body)));
    }

    /** A post that the server does once, however often it is repeated with the same key. */
    public JsonNode post(String path, JsonNode body, String idempotencyKey) {
        return json(
                path,
                request(path)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", idempotencyKey)
                        .POST(text(body)));
    }

    public JsonNode put(String path, JsonNode body) {
        return json(
                path, request(path).header("Content-Type", "application/json").PUT(text(body)));
    }

    public JsonNode patch(String path, JsonNode body) {
        return json(
                path, request(path).header("Content-Type", "application/json").method("PATCH", text(body)));
    }

    public JsonNode delete(String path) {
        return json(path, request(path).DELETE());
    }

    /** Posts the bytes of a file. */
    public JsonNode postFile(String path, Path file) {
        try {
            return json(
                    path,
                    request(path)
                            .timeout(BYTES_TIMEOUT)
                            .header("Content-Type", "application/octet-stream")
                            .POST(BodyPublishers.ofFile(file)));
        } catch (FileNotFoundException e) {
            throw new Failure(ExitCode.NOT_FOUND, "there is no file " + file, "Check the path.", e);
        }
    }

    /**
     * How many bytes of an upload the controller keeps.
     *
     * @param path of an upload that may come in pieces
     */
    public long keptBytes(String path) {
        HttpRequest request =
                request(path).method("HEAD", BodyPublishers.noBody()).build();
        HttpResponse<String> response = send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        OptionalLong kept = response.headers().firstValueAsLong(OFFSET);
        if (kept.isEmpty()) {
            throw response.statusCode() >= 400
                    ? failure(path, response, response.body())
                    : new Failure(
                            ExitCode.UNAVAILABLE,
                            "the answer to HEAD " + path + " does not say how much of the upload is kept",
                            "Check that " + base + " is a Foedus controller of this version.");
        }
        return kept.getAsLong();
    }

    /**
     * Puts the bytes of a file from an offset to its end.
     *
     * @return what the controller said once it had them all; empty if it keeps some, {@link #keptBytes} says how many
     */
    public Optional<JsonNode> putPiece(String path, InputStream bytes, long offset, long total) {
        HttpRequest request = request(path)
                .timeout(BYTES_TIMEOUT)
                .header("Content-Type", "application/octet-stream")
                .header("Content-Range", "bytes " + offset + "-" + (total - 1) + "/" + total)
                .PUT(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> bytes), total - offset))
                .build();
        HttpResponse<String> response = send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (response.headers().firstValue(OFFSET).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(answer(path, response));
    }

    /** All items of a list, page by page, up to {@code most}. */
    public List<JsonNode> list(String path, int most) {
        List<JsonNode> items = new ArrayList<>();
        eachItem(path, item -> items.add(item) && items.size() < most);
        return items;
    }

    /** Hands over the items of a list, page by page, until {@code wanted} says no or there are no more. */
    public void eachItem(String path, Predicate<JsonNode> wanted) {
        String separator = path.contains("?") ? "&" : "?";
        String page = path + separator + "limit=500";
        while (true) {
            JsonNode answer = get(page);
            for (JsonNode item : answer.isArray() ? answer : answer.path("items")) {
                if (!wanted.test(item)) {
                    return;
                }
            }
            String next = answer.path("next").asText("");
            if (next.isEmpty() || "null".equals(next)) {
                return;
            }
            page = path + separator + "limit=500&cursor=" + encoded(next);
        }
    }

    /**
     * Opens bytes from an offset on. The caller closes the stream.
     *
     * @return the stream and whether the server honoured the offset
     */
    public Bytes bytes(String path, long offset) {
        HttpRequest.Builder request = request(path).timeout(BYTES_TIMEOUT).setHeader("Accept", "*/*");
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-");
        }
        HttpResponse<InputStream> response = send(request.GET().build(), BodyHandlers.ofInputStream());
        if (response.statusCode() >= 400) {
            try (InputStream body = response.body()) {
                throw failure(path, response, new String(body.readNBytes(64 << 10), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw unreachable(e);
            }
        }
        return new Bytes(
                response.body(),
                response.statusCode() == 206,
                response.headers().firstValue("ETag").map(t -> t.replace("\"", "")));
    }

    /** An open download. */
    public record Bytes(InputStream stream, boolean fromOffset, Optional<String> digest) implements AutoCloseable {
        /** Reads some; a line that breaks is a {@link Failure} with {@link ExitCode#UNAVAILABLE}. */
        public int read(byte[] buffer) {
            try {
                return stream.read(buffer);
            } catch (IOException e) {
                throw new Failure(
                        ExitCode.UNAVAILABLE, "the download broke off: " + e.getMessage(), "Try again in a moment.", e);
            }
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    /** Opens the server-sent events at a path; the caller closes the stream, which may last for days. */
    public InputStream events(String path, @Nullable String lastEventId) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(base.getPath() + path)).header("Accept", "text/event-stream");
        authorize(request);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<InputStream> response = send(request.GET().build(), BodyHandlers.ofInputStream());
        if (response.statusCode() >= 400) {
            throw failure(path, response, "");
        }
        return response.body();
    }

    /** The clock of the server as its {@code Date} header tells it; empty if it sends none. Needs no token. */
    public Optional<String> date() {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(base.getPath() + "/health/live"))
                .timeout(CONNECT_TIMEOUT)
                .GET()
                .build();
        return send(request, BodyHandlers.discarding()).headers().firstValue("Date");
    }

    /** A value as it may stand in a path or query. */
    public static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A query from pairs of name and value, pairs without a value left out. */
    public static String query(Map<String, ? extends @Nullable Object> pairs) {
        StringBuilder query = new StringBuilder();
        pairs.forEach((name, value) -> {
            if (value != null) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(encoded(value.toString()));
            }
        });
        return query.toString();
    }

    private JsonNode json(String path, HttpRequest.Builder request) {
        return answer(path, send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8)));
    }

    private JsonNode answer(String path, HttpResponse<String> response) {
        if (response.statusCode() >= 400) {
            throw failure(path, response, response.body());
        }
        try {
            return response.body().isBlank() ? Json.object() : Json.read(response.body());
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.FAILURE,
                    "the answer to " + path + " is not JSON",
                    "Check that " + base + " is a Foedus controller and not a proxy's page.",
                    e);
        }
    }

    private ControllerException failure(String path, HttpResponse<?> response, String body) {
        Optional<Duration> retryAfter = response.headers()
                .firstValue("Retry-After")
                .filter(v -> v.matches("\\d{1,6}"))
                .map(v -> Duration.ofSeconds(Long.parseLong(v)));
        return ControllerException.of(
                response.request().method() + " " + path,
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                body,
                retryAfter);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(CALL_TIMEOUT)
                .header("Accept", "application/json, application/problem+json");
        authorize(request);
        return request;
    }

    private void authorize(HttpRequest.Builder request) {
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.FAILURE, "interrupted while calling " + base, "", e);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private Failure unreachable(IOException cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        boolean tls = cause instanceof javax.net.ssl.SSLException;
        return new Failure(
                ExitCode.UNAVAILABLE,
                "cannot reach the controller at " + base + ": " + why,
                tls
                        ? "Give the authority that signed its certificate with --ca FILE."
                        : "Check the address and that the controller runs; `foedus doctor` looks closer.",
                cause);
    }

    private static BodyPublisher text(JsonNode body) {
        return BodyPublishers.ofString(Json.line(body));
    }

    private static HttpClient http(Optional<Path> ca) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER);
        ca.ifPresent(file -> builder.sslContext(TrustedAuthority.context(file)));
        return builder.build();
    }
}
