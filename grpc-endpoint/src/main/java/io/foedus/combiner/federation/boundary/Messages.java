package io.foedus.combiner.federation.boundary;

import io.foedus.combiner.agents.entity.TaskOffer;
import io.foedus.combiner.collection.entity.Receipt;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.combiner.collection.entity.TaskTrouble;
import io.foedus.combiner.json.Json;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.json.JsonException;
import io.foedus.core.round.Metrics;
import io.foedus.core.text.Printable;
import io.foedus.protocol.v1.ModelRef;
import io.foedus.protocol.v1.Reassign;
import io.foedus.protocol.v1.ResultReceipt;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskCancelled;
import io.foedus.protocol.v1.TaskFailure;
import io.foedus.protocol.v1.TaskResult;
import io.foedus.protocol.v1.Telemetry;
import io.foedus.protocol.v1.Timings;
import io.foedus.protocol.v1.ToAgent;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/** Between {@code foedus.v1} and what the combiner thinks in. */
final class Messages {
    private static final int LONGEST_LINE = 200;
    private static final int LONGEST_SENTENCE = 2_000;
    private static final int LONGEST_LOG = 64 << 10;
    private static final int MOST_LABELS = 50;

    private Messages() {}

    static ToAgent task(TaskOffer offer) {
        Order order = offer.order();
        Task.Builder task = Task.newBuilder()
                .setTaskId(offer.taskId().toString())
                .setKind(
                        order.kind() == TaskKind.TRAIN
                                ? io.foedus.protocol.v1.TaskKind.TASK_KIND_TRAIN
                                : io.foedus.protocol.v1.TaskKind.TASK_KIND_VALIDATE)
                .setSessionId(order.sessionId().toString())
                .setRoundId(order.roundId().toString())
                .setRoundNumber(order.roundNumber())
                .setModel(ModelRef.newBuilder()
                        .setDigest(order.model().digest())
                        .setSize(order.model().size())
                        .setFormat(order.model().format())
                        .setId(order.model().id().toString()))
                .setPackageDigest(Objects.requireNonNullElse(order.packageDigest(), ""))
                .setSettingsJson(Json.write(order.settings()))
                .setDeadlineMillis(offer.deadline().toMillis());
        return ToAgent.newBuilder().setTask(task).build();
    }

    static ToAgent cancelled(UUID task, String reason) {
        return ToAgent.newBuilder()
                .setCancelled(
                        TaskCancelled.newBuilder().setTaskId(task.toString()).setReason(reason))
                .build();
    }

    static ToAgent receipt(UUID task, Receipt receipt) {
        return ToAgent.newBuilder()
                .setReceipt(ResultReceipt.newBuilder()
                        .setTaskId(task.toString())
                        .setFate(receipt.fate().name())
                        .setReason(Objects.requireNonNullElse(receipt.reason(), "")))
                .build();
    }

    static ToAgent reassign(String reason, Duration delay) {
        return ToAgent.newBuilder()
                .setReassign(Reassign.newBuilder().setReason(reason).setDelayMillis((int) delay.toMillis()))
                .build();
    }

    /**
     * A result.
     *
     * @param leftOut hears, if that is so, which of the metrics were left out and why
     * @throws IllegalArgumentException if it cannot be understood
     */
    static TaskOutcome outcome(TaskResult result, Consumer<String> leftOut) {
        UUID task = UUID.fromString(result.getTaskId());
        Metrics.Reading metrics = metrics(result);
        metrics.complaint().ifPresent(leftOut);
        return new TaskOutcome(
                task,
                task,
                result.getExamples(),
                metrics.metrics(),
                result.getDigest().isEmpty() ? null : result.getDigest(),
                result.getSize(),
                timings(result.getTimings()));
    }

    /** The scalars, then what else the entry point wrote. */
    private static Metrics.Reading metrics(TaskResult result) {
        Map<Object, Object> all = new LinkedHashMap<>(result.getMetricsMap());
        if (result.getMetricsJson().isEmpty()) {
            return Metrics.read(all);
        }
        try {
            io.foedus.core.json.Json.lenientObject(result.getMetricsJson()).forEach(all::putIfAbsent);
            return Metrics.read(all);
        } catch (JsonException e) {
            return new Metrics.Reading(
                    Metrics.read(all).metrics(), List.of("metrics_json is no JSON object: " + e.getMessage()));
        }
    }

    /** @throws IllegalArgumentException if it cannot be understood */
    static TaskTrouble trouble(TaskFailure failure) {
        return new TaskTrouble(
                UUID.fromString(failure.getTaskId()),
                failure.getReason().isEmpty() ? "INTERNAL" : line(failure.getReason()),
                Printable.line(failure.getMessage(), LONGEST_SENTENCE),
                Printable.tail(failure.getLogTail(), LONGEST_LOG),
                timings(failure.getTimings()));
    }

    /** What an agent calls itself or something of its own. */
    static String line(String text) {
        return Printable.line(text, LONGEST_LINE);
    }

    /** The first labels; of a hundred nobody chooses. */
    static Map<String, String> labels(Map<String, String> labels) {
        Map<String, String> printable = new TreeMap<>();
        labels.entrySet().stream()
                .limit(MOST_LABELS)
                .forEach(label -> printable.put(line(label.getKey()), line(label.getValue())));
        return printable;
    }

    static Map<String, Object> telemetry(Telemetry telemetry) {
        Map<String, Object> values = new HashMap<>(Metrics.numbers(telemetry.getValuesMap()));
        values.put("cpuFraction", Double.isFinite(telemetry.getCpuFraction()) ? telemetry.getCpuFraction() : 0);
        values.put("memoryBytes", telemetry.getMemoryBytes());
        values.put("state", line(telemetry.getState()));
        return values;
    }

    private static Map<String, Double> timings(Timings timings) {
        return Metrics.numbers(Map.of(
                "downloadMillis", timings.getDownloadMillis(),
                "runMillis", timings.getRunMillis(),
                "uploadMillis", timings.getUploadMillis(),
                "cpuSeconds", timings.getCpuSeconds(),
                "peakMemoryBytes", timings.getPeakMemoryBytes()));
    }
}
