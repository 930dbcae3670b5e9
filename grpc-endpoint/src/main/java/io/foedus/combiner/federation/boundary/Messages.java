package io.foedus.combiner.federation.boundary;

import io.foedus.combiner.agents.entity.TaskOffer;
import io.foedus.combiner.collection.entity.Receipt;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.combiner.collection.entity.TaskTrouble;
import io.foedus.combiner.json.Json;
import io.foedus.combiner.uplink.entity.Order;
import io.foedus.combiner.uplink.entity.TaskKind;
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
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Between {@code foedus.v1} and what the combiner thinks in. */
final class Messages {
    private static final int LONGEST_DOCUMENT = 64 << 10;

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

    /** @throws IllegalArgumentException if it cannot be understood */
    static TaskOutcome outcome(TaskResult result) {
        UUID task = UUID.fromString(result.getTaskId());
        return new TaskOutcome(
                task,
                task,
                result.getExamples(),
                finite(result.getMetricsMap()),
                document(result.getMetricsJson()),
                result.getDigest().isEmpty() ? null : result.getDigest(),
                result.getSize(),
                timings(result.getTimings()));
    }

    /** @throws IllegalArgumentException if it cannot be understood */
    static TaskTrouble trouble(TaskFailure failure) {
        return new TaskTrouble(
                UUID.fromString(failure.getTaskId()),
                failure.getReason().isEmpty() ? "INTERNAL" : failure.getReason(),
                failure.getMessage(),
                failure.getLogTail(),
                timings(failure.getTimings()));
    }

    static Map<String, Object> telemetry(Telemetry telemetry) {
        Map<String, Object> values = new HashMap<>(finite(telemetry.getValuesMap()));
        values.put("cpuFraction", Double.isFinite(telemetry.getCpuFraction()) ? telemetry.getCpuFraction() : 0);
        values.put("memoryBytes", telemetry.getMemoryBytes());
        values.put("state", telemetry.getState());
        return values;
    }

    /** JSON knows no NaN: what is not a number is left out. */
    private static Map<String, Double> finite(Map<String, Double> values) {
        Map<String, Double> finite = new HashMap<>();
        values.forEach((name, value) -> {
            if (Double.isFinite(value)) {
                finite.put(name, value);
            }
        });
        return finite;
    }

    private static Map<String, Object> document(String json) {
        if (json.isEmpty() || json.length() > LONGEST_DOCUMENT) {
            return Map.of();
        }
        try {
            return Json.readObject(json);
        } catch (IOException e) {
            return Map.of();
        }
    }

    private static Map<String, Double> timings(Timings timings) {
        return finite(Map.of(
                "downloadMillis", (double) timings.getDownloadMillis(),
                "runMillis", (double) timings.getRunMillis(),
                "uploadMillis", (double) timings.getUploadMillis(),
                "cpuSeconds", timings.getCpuSeconds(),
                "peakMemoryBytes", (double) timings.getPeakMemoryBytes()));
    }
}
