package io.foedus.combiner.uplink.entity;

import java.util.Map;
import java.util.UUID;

/** What one client measured of a model. */
public record ValidationNotice(
        UUID clientId, long examples, Map<String, Object> metrics, Map<String, Double> timings) {}
