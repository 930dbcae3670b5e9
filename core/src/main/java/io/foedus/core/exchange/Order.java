package io.foedus.core.exchange;

import io.foedus.core.round.RoundMode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One open share of a combiner, as every heartbeat's answer lists it.
 *
 * @param epoch the fencing number under which the combiner may act for the share
 * @param packageDigest compute package that agents must run; if it is absent only those that bring their own program
 *     are asked
 * @param maxStaleness how many models old the start of an update may be, in buffered mode
 * @param settings handed to the entry point
 * @param maxExamples that one result may claim; of a controller that does not say, the most that anybody may
 * @param remainingMillis time left until the round's deadline, from receipt
 */
public record Order(
        UUID shareId,
        TaskKind kind,
        UUID roundId,
        int roundNumber,
        UUID sessionId,
        String alliance,
        @Nullable UUID allianceId,
        long epoch,
        Model model,
        @Nullable String packageDigest,
        Policy policy,
        Select select,
        String aggregator,
        RoundMode mode,
        int maxStaleness,
        Map<String, Object> settings,
        boolean keepUpdates,
        long maxExamples,
        long remainingMillis) {

    private static final long MOST_EXAMPLES = 1_000_000_000_000L;

    public Order {
        maxExamples = maxExamples < 1 ? MOST_EXAMPLES : Math.min(maxExamples, MOST_EXAMPLES);
        select = select == null ? new Select(SelectionKind.ALL, 0, 0, Map.of(), List.of()) : select;
        aggregator = aggregator == null ? "mean" : aggregator;
        mode = mode == null ? RoundMode.SYNCHRONOUS : mode;
        settings = settings == null ? Map.of() : settings;
    }

    /** Whether updates may start from older models than this round's. */
    public boolean buffered() {
        return mode == RoundMode.BUFFERED;
    }

    /** What stays the same from heartbeat to heartbeat and over restarts. */
    public Key key() {
        return new Key(roundId, kind);
    }

    /** A share's name at its combiner. */
    public record Key(UUID roundId, TaskKind kind) {
        @Override
        public String toString() {
            return roundId + "-" + kind;
        }
    }

    /** The model to train or to measure. */
    public record Model(UUID id, String digest, long size, String format) {}

    /** When to close; counts are updates, 0 as target means all that are expected. */
    public record Policy(int minUpdates, int targetUpdates, long minWaitMillis, long maxWaitMillis) {}

    /**
     * Whom to ask.
     *
     * @param count how many, 0 for all
     * @param seed of the lot
     * @param labels what a client's labels must contain
     * @param clients if not empty, only these
     */
    public record Select(SelectionKind kind, int count, long seed, Map<String, String> labels, List<UUID> clients) {
        public Select {
            kind = kind == null ? SelectionKind.ALL : kind;
            labels = labels == null ? Map.of() : labels;
            clients = clients == null ? List.of() : clients;
        }
    }
}
