package io.foedus.combiner.uplink.entity;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One open share of this combiner, as every heartbeat's answer lists it.
 *
 * @param epoch the fencing number under which this combiner may act for the share
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
        String mode,
        int maxStaleness,
        Map<String, Object> settings,
        boolean keepUpdates,
        long maxExamples,
        long remainingMillis) {

    private static final long MOST_EXAMPLES = 1_000_000_000_000L;

    public Order {
        maxExamples = maxExamples < 1 ? MOST_EXAMPLES : Math.min(maxExamples, MOST_EXAMPLES);
        select = Objects.requireNonNullElseGet(select, () -> new Select("ALL", 0, 0, Map.of(), List.of()));
        aggregator = Objects.requireNonNullElse(aggregator, "mean");
        mode = Objects.requireNonNullElse(mode, "SYNCHRONOUS");
        settings = Objects.requireNonNullElse(settings, Map.of());
    }

    /** Whether updates may start from older models than this round's. */
    public boolean buffered() {
        return mode.equals("BUFFERED");
    }

    /** What stays the same from heartbeat to heartbeat and over restarts. */
    public Key key() {
        return new Key(roundId, kind);
    }

    /** A share's name at this combiner. */
    public record Key(UUID roundId, TaskKind kind) {
        @Override
        public String toString() {
            return roundId + "-" + kind;
        }
    }

    /** The base model. */
    public record Model(UUID id, String digest, long size, String format) {}

    /** When to close; counts are updates, 0 as target means all that are expected. */
    public record Policy(int minUpdates, int targetUpdates, long minWaitMillis, long maxWaitMillis) {}

    /**
     * Whom to ask.
     *
     * @param kind ALL, RANDOM or ATTRIBUTE
     * @param count how many, 0 for all
     * @param labels what a client's labels must contain
     * @param clients if not empty, only these
     */
    public record Select(String kind, int count, long seed, Map<String, String> labels, List<UUID> clients) {
        public Select {
            kind = Objects.requireNonNullElse(kind, "ALL");
            labels = Objects.requireNonNullElse(labels, Map.of());
            clients = Objects.requireNonNullElse(clients, List.of());
        }
    }
}
