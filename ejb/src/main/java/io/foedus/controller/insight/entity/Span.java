package io.foedus.controller.insight.entity;

import java.time.Instant;

/**
 * A stretch of time in which somebody worked on a round.
 *
 * @param who combiner's name, or null for the reducer
 * @param what {@code train}, {@code validate} or {@code reduce}
 * @param until null while it goes on
 */
public record Span(int round, String who, String what, Instant from, Instant until) {}
