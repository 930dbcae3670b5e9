package io.foedus.controller.validation.boundary;

/**
 * A metric over clients.
 *
 * @param weightedMean weighted by examples
 * @param std population standard deviation, unweighted
 * @param count clients that reported it
 */
public record MetricSummary(double mean, double weightedMean, double min, double max, double std, long count) {}
