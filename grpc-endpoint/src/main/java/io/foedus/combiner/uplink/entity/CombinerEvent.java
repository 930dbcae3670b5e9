package io.foedus.combiner.uplink.entity;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something people may want to read.
 *
 * @param severity INFO, WARNING or ERROR
 * @param kind stable name in capitals
 */
public record CombinerEvent(
        String severity,
        String kind,
        String message,
        @Nullable UUID clientId,
        @Nullable UUID roundId,
        Map<String, Object> data) {}
