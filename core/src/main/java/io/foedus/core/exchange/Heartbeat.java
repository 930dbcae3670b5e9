package io.foedus.core.exchange;

import io.foedus.core.round.Tally;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A combiner's sign of life, held open by the controller until there is news.
 *
 * @param seen revision of the last answer, -1 before the first
 * @param attached clients it holds
 * @param busy clients that work on a task
 * @param load what it tells about its machine
 * @param shares those in flight
 */
public record Heartbeat(
        long epoch, long seen, int attached, int busy, Map<String, Object> load, List<Progress> shares) {
    public Heartbeat {
        load = load == null ? Map.of() : load;
        shares = shares == null ? List.of() : List.copyOf(shares);
    }

    /** How far a share is. */
    public record Progress(UUID shareId, @Nullable Tally tally) {}
}
