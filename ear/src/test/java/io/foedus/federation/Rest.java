package io.foedus.federation;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.console.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A server's REST API as it comes over the wire, refusals included. Threads may share it.
 *
 * @param base address of the server
 * @param token the bearer token; empty to call as nobody
 */
public record Rest(URI base, Optional<String> token) {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private static final String JSON = "application/json";

    /** What the server answered. */
    public record Answer(int status, HttpHeaders headers, String body) {
        public JsonNode json() {
            try {
                return Json.read(body);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + body, e);
            }
        }

        public String contentType() {
            return headers.firstValue("Content-Type").orElse("");
        }
    }

    /** The same server called with another token. */
    public Rest as(String other) {
        return new Rest(base, Optional.of(other));
    }

    /** The same server called without a token. */
    public Rest anonymously() {
        return new Rest(base, Optional.empty());
    }

    public Answer get(String path) {
        return send("GET", path, JSON, BodyPublishers.noBody());
    }

    public Answer post(String path, JsonNode body) {
        return post(path, Json.line(body));
    }

    /** Posts a text that says it is JSON, whatever it is. */
    public Answer post(String path, String text) {
        return send("POST", path, JSON, BodyPublishers.ofString(text));
    }

    public Answer put(String path, JsonNode body) {
        return send("PUT", path, JSON, BodyPublishers.ofString(Json.line(body)));
    }

    public Answer delete(String path) {
        return send("DELETE", path, JSON, BodyPublishers.noBody());
    }

    /** Posts the bytes of a file. */
    public Answer postFile(String path, Path file) {
        try {
            return send("POST", path, "application/octet-stream", BodyPublishers.ofFile(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends any request. */
    public Answer send(String method, String path, String contentType, BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofMinutes(1))
                .header("Content-Type", contentType)
                .method(method, body);
        token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + base + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
