package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.federation.Federation;
import io.foedus.federation.Full;
import io.foedus.federation.Rest;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every JSON body of the native API, as its OpenAPI document describes it, with values in it that nobody meant:
 * whatever comes, the answer is no error of the server. {@code -Dfuzz.seed=N} repeats a run.
 */
@Full
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JsonFuzzIT {
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_124L);
    private static final int TIMES = Integer.getInteger("fuzz.times", 40);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Federation federation;
    private Rest admin;
    private JsonNode openapi;
    private final Map<String, String> places = new LinkedHashMap<>();
    private final List<Rest> callers = new ArrayList<>();

    @BeforeAll
    void start() {
        federation = Federation.named("fuzz").combiners().start();
        admin = federation.rest();
        federation.alliance("fuzz").useInstantPackage();
        openapi = admin.get("/openapi?format=json").json();
        JsonNode combiner = admin.as(token("COMBINER_JOIN", ""))
                .post(
                        "/api/combiners",
                        Json.object()
                                .put("name", "fuzzed")
                                .put("host", "127.0.0.1")
                                .put("port", 1))
                .json();
        Rest join = admin.as(token("JOIN", "fuzz"));
        places.put("alliance", "fuzz");
        places.put("combiner", combiner.path("combinerId").asText());
        callers.add(admin);
        callers.add(admin.as(combiner.path("token").asText()));
        callers.add(join);
    }

    @AfterAll
    void stop() {
        federation.close();
    }

    private String token(String kind, String alliance) {
        ObjectNode wish = Json.object().put("kind", kind).put("name", kind);
        if (!alliance.isEmpty()) {
            wish.put("alliance", alliance);
        }
        return admin.post("/api/tokens", wish).json().path("token").asText();
    }

    /** One call that takes a JSON body. */
    record Call(String method, String path, JsonNode schema) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    Stream<Call> calls() {
        List<Call> calls = new ArrayList<>();
        openapi.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    JsonNode body = method.getValue()
                            .path("requestBody")
                            .path("content")
                            .path("application/json");
                    if (!body.isMissingNode() && path.getKey().startsWith("/api/")) {
                        calls.add(
                                new Call(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), body.path("schema")));
                    }
                }));
        return calls.stream();
    }

    @Test
    void the_document_names_the_calls() {
        assertThat(calls().map(Call::path))
                .contains("/api/tokens", "/api/combiners/{id}/heartbeats")
                .hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void no_body_makes_an_error_of_the_server(Call call) {
        Random random = new Random(SEED ^ call.toString().hashCode());
        List<String> errors = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            JsonNode body = mutated(random, example(random, call.schema(), 0), 1 + random.nextInt(3));
            String text = body.toString();
            Rest caller = callers.get(random.nextInt(callers.size()));
            Rest.Answer answer =
                    caller.send(call.method(), path(call.path()), "application/json", BodyPublishers.ofString(text));
            if (answer.status() >= 500 && !answer.body().contains("NO_COMBINER")) {
                errors.add(text.substring(0, Math.min(300, text.length())) + " -> " + answer.status() + " "
                        + answer.body());
            }
        }

        assertThat(errors).as("seed " + SEED).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/combiners/{id}/events | {} | events",
                "/api/combiners/{id}/events | {\"events\":[null]} | events",
                "/api/combiners/{id}/observations | {\"metrics\":[null]} | metrics",
                "/api/alliances/{alliance}/sessions | {\"plan\":[[null]]} | plan",
                "/api/alliances/{alliance}/sessions | {\"plan\":[1]} | plan",
                "/api/tokens | {\"maxUses\":\"many\"} | maxUses"
            })
    void what_is_missing_or_of_another_kind_is_named(String path, String body, String name) {
        Rest caller = path.contains("combiners") ? callers.get(1) : admin;

        Rest.Answer answer = caller.post(path(path.strip()), body.strip());

        assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
        assertThat(answer.json().path("detail").asText()).contains(name.strip());
    }

    private String path(String template) {
        return template.replace("{alliance}", places.get("alliance"))
                .replaceAll("(/api/combiners/)\\{id}", "$1" + places.get("combiner"))
                .replaceAll("\\{[a-zA-Z]*(number|Number)}", "1")
                .replaceAll("\\{name}", "nobody")
                .replaceAll("\\{[^}]*}", new UUID(0, 1).toString());
    }

    /** A value as the schema wants it. */
    private JsonNode example(Random random, JsonNode schema, int depth) {
        String reference = schema.path("$ref").asText("");
        if (!reference.isEmpty()) {
            return example(random, openapi.at(reference.substring(1)), depth + 1);
        }
        return switch (schema.path("type").asText("object")) {
            case "string" -> text(random, schema);
            case "integer" -> NODES.numberNode(random.nextInt(5));
            case "number" -> NODES.numberNode(random.nextDouble());
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "array" ->
                depth > 6 ? NODES.arrayNode() : NODES.arrayNode().add(example(random, schema.path("items"), depth + 1));
            default -> object(random, schema, depth);
        };
    }

    private static JsonNode text(Random random, JsonNode schema) {
        JsonNode values = schema.path("enum");
        if (values.isArray() && !values.isEmpty()) {
            return values.get(random.nextInt(values.size()));
        }
        return NODES.textNode(schema.path("format").asText().equals("uuid") ? new UUID(0, 1).toString() : "text");
    }

    private JsonNode object(Random random, JsonNode schema, int depth) {
        ObjectNode object = NODES.objectNode();
        if (depth <= 6) {
            schema.path("properties")
                    .properties()
                    .forEach(member -> object.set(member.getKey(), example(random, member.getValue(), depth + 1)));
            if (schema.path("additionalProperties").isObject()) {
                object.set("key", example(random, schema.path("additionalProperties"), depth + 1));
            }
        }
        return object;
    }

    private static JsonNode mutated(Random random, JsonNode body, int times) {
        JsonNode result = body;
        for (int i = 0; i < times; i++) {
            List<Runnable> slots = new ArrayList<>();
            collect(random, result, slots);
            if (slots.isEmpty() || random.nextInt(10) == 0) {
                result = strange(random);
            } else {
                slots.get(random.nextInt(slots.size())).run();
            }
        }
        return result;
    }

    /** All the places in a value where something else can be put. */
    private static void collect(Random random, JsonNode node, List<Runnable> slots) {
        if (node instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(name -> {
                slots.add(() -> object.set(name, strange(random)));
                slots.add(() -> object.remove(name));
                collect(random, object.get(name), slots);
            });
        } else if (node instanceof ArrayNode array) {
            slots.add(() -> array.add(strange(random)));
            for (int i = 0; i < array.size(); i++) {
                int at = i;
                slots.add(() -> array.set(at, strange(random)));
                collect(random, array.get(i), slots);
            }
        }
    }

    private static JsonNode strange(Random random) {
        return switch (random.nextInt(16)) {
            case 0, 1 -> NODES.nullNode();
            case 2 -> NODES.arrayNode().add(NODES.nullNode());
            case 3 -> NODES.objectNode();
            case 4 -> NODES.arrayNode();
            case 5 -> NODES.numberNode(-1);
            case 6 -> NODES.numberNode(Long.MAX_VALUE);
            case 7 -> NODES.numberNode(new BigDecimal("1e400"));
            case 8 -> NODES.textNode("");
            case 9 -> NODES.textNode("a\u0000b");
            case 10 -> NODES.textNode("x".repeat(10_000));
            case 11 -> NODES.booleanNode(true);
            case 12 ->
                NODES.objectNode()
                        .set("key", NODES.arrayNode().add(NODES.objectNode().putNull("null")));
            case 13 -> deep();
            case 14 -> NODES.numberNode(0);
            default -> NODES.textNode("\u202e'\"; DROP TABLE client; --");
        };
    }

    private static JsonNode deep() {
        JsonNode deep = NODES.nullNode();
        for (int i = 0; i < 300; i++) {
            deep = NODES.arrayNode().add(deep);
        }
        return deep;
    }
}
