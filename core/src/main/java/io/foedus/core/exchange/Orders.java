package io.foedus.core.exchange;

import java.util.List;
import java.util.UUID;

/**
 * The answer to a heartbeat: everything that is open for a combiner.
 *
 * @param revision changes when anything but the remaining time does; fits a double
 * @param orders what is not listed any more is cancelled
 * @param buffered sessions whose clients work on between rounds
 * @param revoked clients whose tickets count no more
 * @param heartbeatSeconds how long the next heartbeat may be held
 */
public record Orders(
        long revision,
        List<Order> orders,
        List<UUID> buffered,
        List<UUID> revoked,
        boolean draining,
        int heartbeatSeconds) {
    public Orders {
        orders = orders == null ? List.of() : List.copyOf(orders);
        buffered = buffered == null ? List.of() : List.copyOf(buffered);
        revoked = revoked == null ? List.of() : List.copyOf(revoked);
    }
}
