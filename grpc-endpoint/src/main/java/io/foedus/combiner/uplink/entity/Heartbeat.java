package io.foedus.combiner.uplink.entity;

import io.foedus.core.round.Tally;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A sign of life, held open by the controller until there is news.
 *
 * @param seen revision of the last answer, -1 before the first
 */
public record Heartbeat(
        long epoch, long seen, int attached, int busy, Map<String, Object> load, List<Progress> shares) {
    /** A share in flight. */
    public record Progress(UUID shareId, Tally tally) {}
}
