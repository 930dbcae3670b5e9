package io.foedus.combiner.uplink.entity;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * The answer to a heartbeat.
 *
 * @param orders all shares that are open for this combiner; what is missing is cancelled
 * @param buffered sessions whose clients work on between rounds
 * @param revoked clients whose tickets count no more
 * @param heartbeatSeconds how long the next heartbeat may be held
 */
public record News(
        long revision,
        List<Order> orders,
        List<UUID> buffered,
        List<UUID> revoked,
        boolean draining,
        int heartbeatSeconds) {
    public News {
        orders = Objects.requireNonNullElse(orders, List.of());
        buffered = Objects.requireNonNullElse(buffered, List.of());
        revoked = Objects.requireNonNullElse(revoked, List.of());
    }
}
