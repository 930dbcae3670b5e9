package io.foedus.agent.training;

import io.foedus.core.json.Json;
import io.foedus.core.json.JsonException;
import io.foedus.core.round.Metrics;
import io.foedus.protocol.v1.TaskProgress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what an entry point appends to the file {@code FOEDUS_PROGRESS}: one JSON object a line, {@code {"fraction":
 * 0.4, "loss": 0.7}}; numbers beside {@code fraction} are metrics. Of several new lines the last counts; what is not
 * such a line is passed over.
 */
final class ProgressLines {
    private static final int MOST_BYTES = 64 << 10;

    private final Path file;
    private final String taskId;
    private long position;

    ProgressLines(Path file, String taskId) {
        this.file = file;
        this.taskId = taskId;
    }

    /** The newest complete line since the last call, if there is one. */
    Optional<TaskProgress> next() {
        try {
            long size = Files.isRegularFile(file) ? Files.size(file) : 0;
            if (size <= position) {
                return Optional.empty();
            }
            long from = Math.max(position, size - MOST_BYTES);
            ByteBuffer buffer = ByteBuffer.allocate((int) (size - from));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                int read;
                do {
                    read = channel.read(buffer, from + buffer.position());
                } while (read > 0);
            }
            String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
            int end = text.lastIndexOf('\n');
            if (end < 0) {
                return Optional.empty();
            }
            position = from + text.substring(0, end + 1).getBytes(StandardCharsets.UTF_8).length;
            return parse(text.substring(text.lastIndexOf('\n', end - 1) + 1, end));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<TaskProgress> parse(String line) {
        try {
            Map<?, ?> said = Json.lenientObject(line);
            TaskProgress.Builder progress = TaskProgress.newBuilder()
                    .setTaskId(taskId)
                    .setPhase("run")
                    .setFraction(said.get("fraction") instanceof Number fraction ? fraction.doubleValue() : -1);
            Metrics.numbers(said).forEach((name, value) -> {
                if (!name.equals("fraction")) {
                    progress.putMetrics(name, value);
                }
            });
            if (said.get("metrics") instanceof Map<?, ?> more) {
                Metrics.numbers(more).forEach(progress::putMetrics);
            }
            return Optional.of(progress.build());
        } catch (JsonException e) {
            return Optional.empty();
        }
    }
}
