package io.foedus.controller.insight.entity;

/**
 * One metric of one round's model over the clients that validated it.
 *
 * @param round number of the round in its session
 * @param seconds since the session's start when the round ended, or now while it goes on
 * @param count clients that reported the metric
 * @param mean unweighted mean over clients
 * @param weighted mean weighted by examples
 * @param std population standard deviation over clients
 */
public record CurvePoint(
        int round,
        double seconds,
        int count,
        double mean,
        double weighted,
        double std,
        double min,
        double lowerQuartile,
        double median,
        double upperQuartile,
        double max) {}
