package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.Order;
import java.util.UUID;

/**
 * What a client of a buffered session works on between two rounds.
 *
 * @param last order of the round that it took part in last
 * @param mostBytes largest acceptable result
 */
public record Work(UUID client, UUID task, Origin origin, Order last, long mostBytes) {}
