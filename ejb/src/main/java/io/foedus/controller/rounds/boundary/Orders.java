package io.foedus.controller.rounds.boundary;

import java.util.List;
import java.util.UUID;

/**
 * The answer to a heartbeat: everything that is open for a combiner.
 *
 * @param revision changes when anything but the remaining time does; fits a double
 * @param orders what is not listed any more is cancelled
 * @param buffered sessions whose clients work on between rounds
 * @param revoked clients whose tickets do not count any more
 */
public record Orders(
        long revision,
        List<Order> orders,
        List<UUID> buffered,
        List<UUID> revoked,
        boolean draining,
        long heartbeatSeconds) {}
