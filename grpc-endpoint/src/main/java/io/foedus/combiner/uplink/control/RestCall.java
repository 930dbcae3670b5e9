package io.foedus.combiner.uplink.control;

import io.foedus.combiner.json.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** One request with a token, one answer. Safe for many threads. */
public final class RestCall {
    private final URI base;
    private final HttpClient client;

    /** @param base without a slash at the end */
    public RestCall(URI base) {
        this.base = base;
        // HTTP/1.1: the upgrade dance of h2c costs a round trip and breaks large request bodies on some servers
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    HttpRequest.Builder to(String path, String token, Duration patience) {
        return HttpRequest.newBuilder(base.resolve(base.getRawPath() + path))
                .timeout(patience)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json");
    }

    HttpResponse<String> get(String path, String token, Duration patience) throws IOException {
        return send(to(path, token, patience).GET().build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String token, Object body, Duration patience) throws IOException {
        return send(
                to(path, token, patience)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(Json.write(body)))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> put(String path, String token, Object body, Duration patience) throws IOException {
        return send(
                to(path, token, patience)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(Json.write(body)))
                        .build(),
                BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
        try {
            return client.send(request, handler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the controller");
        }
    }

    /**
     * Passes a success on.
     *
     * @throws ControllerRefusal if the answer is a no
     * @throws ControllerFailure if it failed at this request
     * @throws IOException if the controller is in trouble itself
     */
    static HttpResponse<String> done(HttpResponse<String> response) throws IOException {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return response;
        }
        if (status >= 502 && status <= 504 || status == 408 || status == 429) {
            throw new IOException("the controller is in trouble: " + detail(response) + " (status " + status + ")");
        }
        if (status >= 500) {
            throw new ControllerFailure("the controller failed: " + detail(response) + " (status " + status + ")");
        }
        throw new ControllerRefusal(status, code(response), detail(response));
    }

    /** The problem's stable code, or empty. */
    static String code(HttpResponse<String> response) {
        return problem(response).getOrDefault("code", "").toString();
    }

    /** The problem's sentence. */
    static String detail(HttpResponse<String> response) {
        Map<String, Object> problem = problem(response);
        Object detail = problem.getOrDefault("detail", problem.getOrDefault("title", ""));
        return detail.toString().isEmpty() ? response.request().uri().getPath() + " refused" : detail.toString();
    }

    private static Map<String, Object> problem(HttpResponse<String> response) {
        try {
            return Json.readObject(response.body());
        } catch (IOException e) {
            return Map.of();
        }
    }
}
