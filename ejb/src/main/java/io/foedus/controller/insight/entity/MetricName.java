package io.foedus.controller.insight.entity;

/**
 * A metric that clients reported.
 *
 * @param spread whether clients reported different values of one model; a metric that all of them measure on the same
 *     data has none
 */
public record MetricName(String name, boolean spread) {}
