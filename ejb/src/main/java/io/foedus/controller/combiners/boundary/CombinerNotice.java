package io.foedus.controller.combiners.boundary;

import java.util.Map;
import java.util.UUID;

/** Something that happened at a combiner and that people may want to read; what it is not about is null. */
public record CombinerNotice(
        String severity, String kind, String message, UUID clientId, UUID roundId, Map<String, Object> data) {}
