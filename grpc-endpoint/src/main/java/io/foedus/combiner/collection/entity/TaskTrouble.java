package io.foedus.combiner.collection.entity;

import java.util.Map;
import java.util.UUID;

/** Why a client could not do a task, in its own words. */
public record TaskTrouble(UUID task, String reason, String message, String logTail, Map<String, Double> timings) {}
