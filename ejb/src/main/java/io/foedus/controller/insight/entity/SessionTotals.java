package io.foedus.controller.insight.entity;

/**
 * A session over all its rounds, however many.
 *
 * @param rejected updates that were rejected, attempts that failed included
 * @param roundSeconds mean length of the completed rounds, null before the first
 */
public record SessionTotals(long rejected, Double roundSeconds) {}
