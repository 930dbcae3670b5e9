package io.foedus.combiner.fedn.boundary;

import com.google.protobuf.Timestamp;
import io.foedus.combiner.agents.entity.TaskOffer;
import io.foedus.combiner.json.Json;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.json.JsonException;
import io.foedus.core.round.Metrics;
import io.foedus.protocol.fedn.Client;
import io.foedus.protocol.fedn.Response;
import io.foedus.protocol.fedn.Role;
import io.foedus.protocol.fedn.StatusType;
import io.foedus.protocol.fedn.TaskRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Between FEDn's messages, with JSON in strings inside them, and what the combiner thinks in. */
final class FednMessages {
    private static final String AFTERWORD = "foedus: the end of a task";
    private static final long LATEST = Instant.parse("2100-01-01T00:00:00Z").getEpochSecond();

    private FednMessages() {}

    static TaskRequest task(TaskOffer offer, String combiner, String externalId, String name, Instant now) {
        Order order = offer.order();
        boolean training = order.kind() == TaskKind.TRAIN;
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("round_id", order.roundId().toString());
        data.put("session_id", order.sessionId().toString());
        data.put("task_id", offer.taskId().toString());
        data.put("model_id", order.model().id().toString());
        data.put("task", training ? "training" : "validation");
        data.put("rounds", "1");
        data.put("round_number", String.valueOf(order.roundNumber()));
        data.put("round_timeout", String.valueOf(Math.max(1, offer.deadline().toSeconds())));
        data.put("aggregator", order.aggregator());
        data.put("helper_type", "numpyhelper");
        data.put("client_settings", order.settings());
        return TaskRequest.newBuilder()
                .setSender(Client.newBuilder().setName(combiner).setRole(Role.COMBINER))
                .setReceiver(Client.newBuilder()
                        .setName(name)
                        .setClientId(externalId)
                        .setRole(Role.CLIENT))
                .setModelId(order.model().id().toString())
                .setData(Json.write(data))
                .setCorrelationId(offer.taskId().toString())
                .setTimestamp(now.toString())
                .setMeta("{}")
                .setSessionId(order.sessionId().toString())
                .setType(training ? StatusType.MODEL_UPDATE : StatusType.MODEL_VALIDATION)
                .build();
    }

    /**
     * A task that is none, for the client to read when it is done with the task before: it reports every task that it
     * reads, ignores kinds that it does not know, and says nothing when a validation fails or a download does.
     */
    static TaskRequest afterword(TaskRequest task) {
        return task.toBuilder()
                .setType(StatusType.LOG)
                .setData("{}")
                .setMeta(AFTERWORD)
                .build();
    }

    /** A task that is none, for the sake of the one line that the client logs of it. */
    static TaskRequest word(String sentence, String combiner) {
        return TaskRequest.newBuilder()
                .setSender(Client.newBuilder().setName(combiner).setRole(Role.COMBINER))
                .setType(StatusType.LOG)
                .setData("{}")
                .setModelId("(none): " + sentence)
                .build();
    }

    /** The task whose {@link #afterword} a status reports as received. */
    static Optional<UUID> done(io.foedus.protocol.fedn.Status status) {
        if (status.getType() != StatusType.LOG || !status.getData().contains("correlationId")) {
            return Optional.empty();
        }
        Map<String, Object> request;
        try {
            request = Json.readObject(status.getData());
        } catch (IOException e) {
            return Optional.empty(); // a client's own words
        }
        return AFTERWORD.equals(request.get("meta")) ? uuid(request.get("correlationId")) : Optional.empty();
    }

    /** What an update's {@code meta} says. */
    record UpdateMeta(
            Optional<UUID> round,
            Optional<UUID> task,
            long examples,
            Metrics.Reading training,
            Map<String, Double> timings) {}

    /** @throws IOException if it is not what a FEDn client writes */
    static UpdateMeta meta(String json) throws IOException {
        Map<?, ?> meta = object(json);
        Map<?, ?> config = meta.get("config") instanceof String text ? object(text) : Map.of();
        Map<?, ?> training = meta.get("training_metadata") instanceof Map<?, ?> written ? written : Map.of();
        long examples = training.get("num_examples") instanceof Number number ? (long) number.doubleValue() : 0;
        Map<String, Object> timings = new HashMap<>();
        millis(meta, "fetch_model", timings, "downloadMillis");
        millis(meta, "exec_training", timings, "runMillis");
        millis(meta, "upload_model", timings, "uploadMillis");
        return new UpdateMeta(
                uuid(config.get("round_id")),
                uuid(config.get("task_id")),
                examples,
                Metrics.read(training),
                Metrics.numbers(timings));
    }

    private static void millis(Map<?, ?> from, String name, Map<String, Object> to, String as) {
        if (from.get(name) instanceof Number seconds) {
            to.put(as, seconds.doubleValue() * 1000);
        }
    }

    /** An object as Python writes it, which is not always JSON. */
    private static Map<?, ?> object(String json) throws IOException {
        try {
            return io.foedus.core.json.Json.lenientObject(json);
        } catch (JsonException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    static Optional<UUID> uuid(@org.jspecify.annotations.Nullable Object text) {
        try {
            return text == null ? Optional.empty() : Optional.of(UUID.fromString(text.toString()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * A name for the file of an upload: FEDn's id, which is a uuid, or one made of it if somebody sends another text.
     */
    static UUID upload(String id) {
        return uuid(id).orElseGet(() -> UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)));
    }

    /** What a client measured of a model. */
    record Measured(long examples, Metrics.Reading metrics) {}

    /**
     * What a validation says; FEDn does not say on how many examples it rests, so each client counts as one.
     *
     * @throws IOException if it is no object
     */
    static Measured measured(String json) throws IOException {
        Map<?, ?> written = object(json);
        double examples = written.get("num_examples") instanceof Number number ? number.doubleValue() : 1;
        return new Measured(Math.max(1, (long) examples), Metrics.read(written));
    }

    static Response response(String combiner, String text) {
        return Response.newBuilder()
                .setSender(Client.newBuilder().setName(combiner).setRole(Role.COMBINER))
                .setResponse(text)
                .build();
    }

    /** When something was, by the client's clock; by ours where that names no year of this century. */
    static Instant at(boolean present, Timestamp timestamp, Instant now) {
        boolean sane = present && timestamp.getSeconds() > 0 && timestamp.getSeconds() < LATEST;
        return sane ? Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos()) : now;
    }
}
