package io.foedus.agent.attendance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.foedus.agent.console.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A controller of the test's own: joins one client, sends it to the combiner that the test names, serves packages. */
final class ControllerDouble {
    final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    final List<String> placements = Collections.synchronizedList(new ArrayList<>());
    final UUID client = UUID.randomUUID();
    volatile String combiner = "a";
    volatile String packageDigest = "";
    volatile boolean clientExists;
    volatile boolean revoked;
    volatile boolean deployed = true;
    volatile boolean loseNextJoin;
    volatile String agentToken = "";
    final AtomicInteger pagesOfAnother = new AtomicInteger();
    private final HttpServer server;

    ControllerDouble() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/clients", this::clients);
        server.createContext("/api/blobs/", this::blobs);
        server.createContext("/api/me", this::me);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void stop() {
        server.stop(0);
    }

    private void clients(HttpExchange call) throws IOException {
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!deployed) {
            pagesOfAnother.incrementAndGet();
            answer(call, 404, "text/html", "<html>nothing here</html>");
        } else if (revoked) {
            refuse(call, 401, "{\"code\":\"UNAUTHENTICATED\",\"detail\":\"the token is not valid any more\"}");
        } else if (call.getRequestURI().getPath().endsWith("/placements")) {
            placements.add(body);
            answer(call, 200, placement(""));
        } else if (clientExists) {
            refuse(call, 409, "{\"code\":\"CLIENT_EXISTS\",\"detail\":\"there is one\"}");
        } else {
            placements.add(body);
            clientExists = true;
            agentToken = Json.read(body).path("agentToken").asText();
            if (loseNextJoin) {
                call.close(); // as if the line broke after the controller had done it
            } else {
                answer(call, 201, placement("\"agentToken\":\"" + agentToken + "\","));
            }
        }
    }

    private void me(HttpExchange call) throws IOException {
        if (call.getRequestHeaders().getFirst("Authorization").equals("Bearer " + agentToken)) {
            answer(call, 200, "{\"kind\":\"AGENT\",\"id\":\"" + client + "\"}");
        } else {
            refuse(call, 401, "{\"code\":\"BAD_TOKEN\",\"detail\":\"this token does not count\"}");
        }
    }

    private String placement(String more) {
        return "{" + more + "\"clientId\":\"" + client
                + "\",\"alliance\":\"test\",\"ticket\":\"t.t\",\"ticketExpiresAt\":\""
                + Instant.now().plusSeconds(86_400) + "\",\"combiner\":{\"id\":\"" + combiner + "\",\"name\":\""
                + combiner + "\",\"host\":\"127.0.0.1\",\"port\":1,\"tls\":false},\"package\":"
                + (packageDigest.isEmpty() ? "null" : Json.line(Map.of("digest", packageDigest))) + "}";
    }

    private void blobs(HttpExchange call) throws IOException {
        byte[] blob = blobs.get(call.getRequestURI().getPath().substring("/api/blobs/".length()));
        if (blob == null) {
            refuse(call, 404, "{\"code\":\"UNKNOWN\"}");
            return;
        }
        call.sendResponseHeaders(200, blob.length);
        call.getResponseBody().write(blob);
        call.close();
    }

    private static void refuse(HttpExchange call, int status, String problem) throws IOException {
        answer(call, status, "application/problem+json;charset=UTF-8", problem);
    }

    private static void answer(HttpExchange call, int status, String json) throws IOException {
        answer(call, status, "application/json", json);
    }

    private static void answer(HttpExchange call, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        call.getResponseHeaders().set("Content-Type", type);
        call.sendResponseHeaders(status, bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }
}
