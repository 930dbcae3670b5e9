package io.foedus.controller.insight.entity;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** A client's verdict on a model. */
public record ValidationLine(
        UUID clientId,
        String client,
        UUID modelId,
        Integer round,
        long examples,
        Map<String, Object> metrics,
        Instant at) {}
