package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.Order;

/**
 * What a task started from.
 *
 * @param model base of a round
 * @param round that round's number in its session
 */
public record Origin(Order.Model model, int round) {
    public static Origin of(Order order) {
        return new Origin(order.model(), order.roundNumber());
    }

    /** How many models had been published since, when that order was given. */
    public int staleness(Order order) {
        return Math.max(0, order.roundNumber() - round);
    }
}
