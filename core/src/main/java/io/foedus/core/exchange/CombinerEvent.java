package io.foedus.core.exchange;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened at a combiner and that people may want to read; what it is not about is absent.
 *
 * @param kind stable name in capitals
 */
public record CombinerEvent(
        Severity severity,
        String kind,
        String message,
        @Nullable UUID clientId,
        @Nullable UUID roundId,
        Map<String, Object> data) {
    public CombinerEvent {
        severity = severity == null ? Severity.INFO : severity;
        kind = kind == null ? "combiner.notice" : kind;
        message = message == null ? "" : message;
        data = data == null ? Map.of() : data;
    }
}
