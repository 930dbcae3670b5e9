package io.foedus.combiner.agents.entity;

import io.foedus.core.exchange.Order;
import java.time.Duration;
import java.util.UUID;

/**
 * Work for one client.
 *
 * @param order the share it belongs to
 * @param deadline how long it may take, from now
 */
public record TaskOffer(UUID taskId, Order order, Duration deadline) {}
