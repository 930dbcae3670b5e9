package io.foedus.agent.training;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.foedus.agent.console.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The JSON object that an entry point wrote: metadata of a training, metrics of a validation. */
final class Metrics {
    /** Python writes {@code NaN} and {@code Infinity} into JSON; they are read and then left out. */
    private static final ObjectMapper LENIENT = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final int MOST_BYTES = 64 << 10;
    private static final int MOST_SCALARS = 200;

    private Metrics() {}

    /** Reads a file that must be one JSON object of at most 4 MiB. */
    static JsonNode read(Path file) throws IOException, TaskTrouble {
        if (Files.size(file) > (4 << 20)) {
            throw new TaskTrouble(TaskTrouble.Reason.BAD_METADATA, file.getFileName() + " is larger than 4 MiB");
        }
        try {
            JsonNode node = LENIENT.readTree(Files.readString(file, StandardCharsets.UTF_8));
            if (!node.isObject()) {
                throw new TaskTrouble(TaskTrouble.Reason.BAD_METADATA, file.getFileName() + " is not one JSON object");
            }
            return node;
        } catch (com.fasterxml.jackson.core.JsonProcessingException | java.nio.charset.CharacterCodingException e) {
            throw new TaskTrouble(
                    TaskTrouble.Reason.BAD_METADATA, file.getFileName() + " is not JSON: " + e.getMessage());
        }
    }

    /** The finite numbers at the top of an object. */
    static Map<String, Double> scalars(JsonNode object) {
        Map<String, Double> scalars = new TreeMap<>();
        object.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isNumber() && Double.isFinite(value.asDouble()) && scalars.size() < MOST_SCALARS) {
                scalars.put(field.getKey(), value.asDouble());
            }
        });
        return scalars;
    }

    /** The object as text of at most 64 KiB; if it is larger, only its scalars. */
    static String text(JsonNode object) {
        String text = Json.line(object).replace("\"NaN\"", "null");
        if (text.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES) {
            return text;
        }
        String scalars = Json.line(scalars(object));
        return scalars.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES ? scalars : "{}";
    }
}
