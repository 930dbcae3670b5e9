package io.foedus.agent.training;

import io.foedus.agent.console.Json;
import io.foedus.core.json.JsonException;
import io.foedus.core.round.Metrics;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON object that an entry point wrote: metadata of a training, metrics of a validation. */
record Written(Path file, Map<?, ?> members) {
    private static final System.Logger LOG = System.getLogger(Written.class.getName());
    private static final int MOST_BYTES = 4 << 20;

    /** Reads a file that must be one JSON object of at most 4 MiB; Python's NaN and Infinity may be in it. */
    static Written read(Path file) throws IOException, TaskTrouble {
        if (Files.size(file) > MOST_BYTES) {
            throw new TaskTrouble(TaskTrouble.Reason.BAD_METADATA, file.getFileName() + " is larger than 4 MiB");
        }
        try {
            return new Written(
                    file, io.foedus.core.json.Json.lenientObject(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (JsonException | CharacterCodingException e) {
            throw new TaskTrouble(
                    TaskTrouble.Reason.BAD_METADATA, file.getFileName() + " is not one JSON object: " + e.getMessage());
        }
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    @Nullable Object get(String name) {
        return members.get(name);
    }

    /** What of it are metrics; what is left out is told in the agent's own log too. */
    Metrics metrics() {
        Metrics.Reading reading = Metrics.read(members);
        reading.complaint()
                .ifPresent(said -> LOG.log(System.Logger.Level.WARNING, "{0} file={1}", said, file.getFileName()));
        return reading.metrics();
    }

    /** Metrics as the protocol carries what is more than numbers. */
    static String text(Metrics metrics) {
        return Json.line(metrics.values());
    }
}
